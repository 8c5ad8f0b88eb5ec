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
 * Hugging Face's native library, as DJL packs it, made to work offline. Only DJL's lowest layer is
 * used: the layer above it reports usage over the network and copies seven arrays per encoding of
 * which one is needed here.
 *
 * <p>DJL unpacks the library once into {@code DJL_CACHE_DIR} (environment variable or system
 * property), by default {@code ~/.djl.ai}; where that cannot be written, into a folder of {@code
 * java.io.tmpdir}.
 */
final class NativeTokenizers {
    private static final String PROPERTIES = "/native/lib/tokenizers.properties";
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
            // Both settings: without them DJL looks for CUDA builds to download and reports usage.
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
     * Where DJL has unpacked the library, if it has; null where that is not known. DJL itself looks
     * for a graphics card first, with another native library and another process, which takes it 80
     * ms at every start.
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

    /** What DJL calls this machine; null for one whose library comes in several files. */
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
