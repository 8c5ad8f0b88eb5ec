package dev.cairn.tensor.onednn;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes the pages out of the process that loading a library has read: its symbol table, and code
 * that runs once. Of oneDNN's 90 MB these are 30. Linux reads a page again, from its cache of
 * files, if it is needed after all.
 */
final class LoadedPages {
    /** madvise(2): what the pages hold is in their file. */
    private static final int MADV_DONTNEED = 4;

    /** proc(5): the mappings that are as in the file: code, and what is before it. */
    private static final Pattern UNCHANGED =
            Pattern.compile(
                    "(?<begin>[0-9a-f]+)-(?<end>[0-9a-f]+) (r-xp [0-9a-f]+|r--p 0+) \\S+ \\d+ +(?<file>.+)");

    private LoadedPages() {}

    /** Does nothing where it is not known what is mapped. */
    static void release(Path library) throws Throwable {
        List<String> mappings = mappings();
        if (mappings.isEmpty()) {
            return;
        }
        Linker linker = Linker.nativeLinker();
        MethodHandle madvise =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("madvise"),
                        FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
        for (String mapping : mappings) {
            Matcher parts = UNCHANGED.matcher(mapping);
            if (parts.matches() && parts.group("file").equals(library.toRealPath().toString())) {
                long begin = Long.parseUnsignedLong(parts.group("begin"), 16);
                long end = Long.parseUnsignedLong(parts.group("end"), 16);
                int _ =
                        (int)
                                madvise.invokeExact(
                                        MemorySegment.ofAddress(begin), end - begin, MADV_DONTNEED);
            }
        }
    }

    private static List<String> mappings() {
        try {
            return Files.readAllLines(Path.of("/proc/self/maps"));
        } catch (IOException e) {
            return List.of();
        }
    }
}
