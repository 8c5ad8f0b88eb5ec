package dev.cairn.cli.terminal;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.util.Collections;

/** The few functions of the C library on file descriptors that Java does not offer. */
final class Posix {
    private Posix() {}

    /**
     * Calls a function that takes and returns C ints; returns -1 also if there is no such function.
     */
    static int call(String name, Object... descriptors) {
        Linker linker = Linker.nativeLinker();
        ValueLayout[] ints =
                Collections.nCopies(descriptors.length, JAVA_INT).toArray(ValueLayout[]::new);
        var function = linker.defaultLookup().find(name);
        if (function.isEmpty()) {
            return -1;
        }
        try {
            return (int)
                    linker.downcallHandle(function.get(), FunctionDescriptor.of(JAVA_INT, ints))
                            .invokeWithArguments(descriptors);
        } catch (Throwable e) {
            throw new LinkageError("cannot call the C library's " + name, e);
        }
    }
}
