package dev.cairn.text.tokenizer;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import ai.djl.util.Utils;
import dev.cairn.CairnException;
import dev.cairn.support.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/**
 * Loads Hugging Face's native tokenizer library from DJL's package, offline. Uses only DJL's lowest
 * layer. The layers above it report usage over the network, copy seven arrays per encoding where
 * one is enough here, and look for a graphics card at every start, which takes 80 ms, another
 * process and JNA, a library with no other use in Cairn.
 *
 * <p>The library is unpacked once, into the same folder as DJL would use: {@code DJL_CACHE_DIR}
 * (environment variable or system property), by default {@code ~/.djl.ai}; if that is not writable,
 * a folder of {@code java.io.tmpdir}.
 */
final class NativeTokenizers {
    private static final String CACHE_DIR = "DJL_CACHE_DIR";

    private NativeTokenizers() {}

    /**
     * The library, loaded on first use.
     *
     * @throws CairnException when there is no build for this platform or it cannot be unpacked
     */
    static TokenizersLibrary library() {
        try {
            return Loaded.LIBRARY;
        } catch (LinkageError | RuntimeException e) {
            throw new CairnException(
                    "cannot load the native tokenizer library for "
                            + System.getProperty("os.name")
                            + " "
                            + System.getProperty("os.arch")
                            + ", unpacked under "
                            + folder()
                            + ": "
                            + Texts.oneLine(e)
                            + "; set DJL_CACHE_DIR to a folder that can be written",
                    e);
        }
    }

    /** Where it is unpacked. */
    static Path folder() {
        return Utils.getEngineCacheDir();
    }

    private static final class Loaded {
        static final TokenizersLibrary LIBRARY = load();

        private static TokenizersLibrary load() {
            if (System.getenv(CACHE_DIR) == null && System.getProperty(CACHE_DIR) == null) {
                System.setProperty(CACHE_DIR, defaultCache().toString());
            }
            String system = system();
            Path unpacked =
                    Utils.getEngineCacheDir("tokenizers")
                            .resolve(version() + "-cpu-" + system)
                            .toAbsolutePath();
            for (String file : files()) {
                Path library = unpacked.resolve(file);
                if (!Files.isRegularFile(library)) {
                    unpack(system + "/cpu/" + file, library);
                }
                System.load(library.toString());
            }
            return TokenizersLibrary.LIB;
        }
    }

    /** DJL's name for this platform. */
    private static String system() {
        String os = System.getProperty("os.name");
        String arch = System.getProperty("os.arch").equals("amd64") ? "x86_64" : "aarch64";
        return (os.startsWith("Win") ? "win" : os.startsWith("Mac") ? "osx" : "linux") + "-" + arch;
    }

    /** The library's files, each after those it depends on. */
    private static List<String> files() {
        String library = System.mapLibraryName("tokenizers");
        return System.getProperty("os.name").startsWith("Win")
                ? List.of("libwinpthread-1.dll", "libgcc_s_seh-1.dll", "libstdc++-6.dll", library)
                : List.of(library);
    }

    private static String version() {
        Properties properties = new Properties();
        try (InputStream stream = resource("tokenizers.properties")) {
            properties.load(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    private static void unpack(String name, Path target) {
        try (InputStream stream = resource(name)) {
            AtomicFiles.write(target, stream::transferTo);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream resource(String name) {
        InputStream stream = TokenizersLibrary.class.getResourceAsStream("/native/lib/" + name);
        if (stream == null) {
            throw new IllegalStateException("DJL has no " + name);
        }
        return stream;
    }

    private static Path defaultCache() {
        Path home = Path.of(System.getProperty("user.home"));
        Path cache = home.resolve(".djl.ai");
        if (Files.isWritable(Files.exists(cache) ? cache : home)) {
            return cache;
        }
        // The user's name keeps people who share a temporary folder out of each other's way.
        String user = System.getProperty("user.name").replaceAll("[^A-Za-z0-9_-]", "_");
        return Path.of(System.getProperty("java.io.tmpdir")).resolve("djl.ai-" + user);
    }
}
