package dev.cairn.tensor.onednn;

import dev.cairn.support.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Extracts oneDNN from its jar (org.bytedeco:dnnl; nothing else in that jar is used). Only files
 * can be loaded as libraries, so they are written once to the user's cache folder.
 */
final class NativeLibrary {
    private static final String FOLDER = "/org/bytedeco/dnnl/linux-x86_64/";
    private static final String LIBRARY = "libdnnl.so.3";

    /** A library that oneDNN needs and looks for in its own folder. */
    private static final String OPEN_MP = "libgomp.so.1";

    private NativeLibrary() {}

    /** Thrown when there is no native library; the message says why. */
    static final class Absent extends Exception {
        private static final long serialVersionUID = 1;

        Absent(String reason) {
            super(reason);
        }
    }

    /** Whether native kernels are enabled; {@code -Dcairn.native=false} disables them. */
    static boolean isWanted() {
        return !"false".equals(System.getProperty("cairn.native"));
    }

    /** The extracted library file. */
    static Path oneDnn() throws Absent {
        URL library = NativeLibrary.class.getResource(FOLDER + LIBRARY);
        URL openMp = NativeLibrary.class.getResource(FOLDER + OPEN_MP);
        if (!isSupported() || library == null || openMp == null) {
            throw new Absent(
                    "not available for %s on %s"
                            .formatted(
                                    System.getProperty("os.name"), System.getProperty("os.arch")));
        }
        try {
            Path folder = folder(library);
            extract(openMp, folder.resolve(OPEN_MP));
            return extract(library, folder.resolve(LIBRARY));
        } catch (IOException | RuntimeException e) {
            throw new Absent("cannot be written to the cache: " + e.getMessage());
        }
    }

    private static boolean isSupported() {
        return System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
    }

    /** The folder for this build of the library, identified by the checksum in its jar. */
    private static Path folder(URL library) throws IOException {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base =
                cache == null || cache.isBlank()
                        ? Path.of(System.getProperty("user.home"), ".cache")
                        : Path.of(cache);
        long build =
                library.openConnection() instanceof JarURLConnection jar
                        ? jar.getJarEntry().getCrc()
                        : 0;
        return Files.createDirectories(
                base.resolve("cairn").resolve("onednn-%08x".formatted(build)));
    }

    private static Path extract(URL from, Path to) throws IOException {
        long size = from.openConnection().getContentLengthLong();
        if (!Files.exists(to) || Files.size(to) != size) {
            AtomicFiles.write(
                    to,
                    out -> {
                        try (InputStream in = from.openStream()) {
                            in.transferTo(out);
                        }
                    });
        }
        return to;
    }
}
