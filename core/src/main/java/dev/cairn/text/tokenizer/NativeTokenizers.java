package dev.cairn.text.tokenizer;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import ai.djl.util.Utils;
import dev.cairn.CairnException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Loads Hugging Face's native tokenizer library from DJL's package, offline. Uses only DJL's lowest
 * layer: the layer above it reports usage over the network and copies seven arrays per encoding,
 * where one is enough here.
 *
 * <p>DJL unpacks the library once into {@code DJL_CACHE_DIR} (environment variable or system
 * property), by default {@code ~/.djl.ai}; if that is not writable, into a folder of {@code
 * java.io.tmpdir}.
 */
final class NativeTokenizers {
    private static final String PROPERTIES = "/native/lib/tokenizers.properties";
    private static final String CACHE_DIR = "DJL_CACHE_DIR";

    private NativeTokenizers() {}

    /**
     * The library, loaded on first use.
     *
     * @throws CairnException if there is no build for this platform or it cannot be unpacked
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
                            + "; set DJL_CACHE_DIR to a writable folder",
                    e);
        }
    }

    /** The folder into which the library is unpacked. */
    static Path folder() {
        return Utils.getEngineCacheDir();
    }

    private static final class Loaded {
        static final TokenizersLibrary LIBRARY = load();

        private static TokenizersLibrary load() {
            // Without these two settings, DJL looks for CUDA builds to download and reports usage.
            System.setProperty("ai.djl.offline", "true");
            System.setProperty("OPT_OUT_TRACKING", "true");
            if (System.getenv(CACHE_DIR) == null && System.getProperty(CACHE_DIR) == null) {
                System.setProperty(CACHE_DIR, defaultCache().toString());
            }
            Path unpacked = unpacked();
            if (unpacked != null && Files.isRegularFile(unpacked)) {
                System.load(unpacked.toString());
            } else {
                LibUtils.checkStatus();
            }
            return TokenizersLibrary.LIB;
        }
    }

    /**
     * The library if DJL has already unpacked it; null if that is unknown. DJL itself first looks
     * for a graphics card, with another native library and another process, which takes 80 ms at
     * every start.
     */
    private static @Nullable Path unpacked() {
        String system = osPrefix();
        try (InputStream stream = LibUtils.class.getResourceAsStream(PROPERTIES)) {
            if (system == null || stream == null) {
                return null;
            }
            Properties properties = new Properties();
            properties.load(stream);
            return Utils.getEngineCacheDir("tokenizers")
                    .resolve(properties.getProperty("version") + "-cpu-" + system)
                    .resolve(System.mapLibraryName("tokenizers"))
                    .toAbsolutePath();
        } catch (IOException e) {
            return null;
        }
    }

    /** DJL's name for this platform; null if its library consists of several files. */
    private static @Nullable String osPrefix() {
        String arch = System.getProperty("os.arch").equals("amd64") ? "x86_64" : "aarch64";
        return switch (System.getProperty("os.name")) {
            case "Linux" -> "linux-" + arch;
            case "Mac OS X" -> "osx-" + arch;
            default -> null;
        };
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
