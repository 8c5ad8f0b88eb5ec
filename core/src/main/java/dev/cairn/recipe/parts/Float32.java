package dev.cairn.recipe.parts;

import java.util.function.Supplier;

/**
 * Lets what measures compute in float32. On some processors products are quicker with both factors
 * in bfloat16, and a log-likelihood then differs in its second decimal from what another machine
 * finds.
 */
public final class Float32 {
    private static final String PROPERTY = "cairn.bf16";

    private Float32() {}

    /** Works in float32, unless {@code -Dcairn.bf16} says what the user wants. */
    public static <T> T compute(Supplier<T> work) {
        if (System.getProperty(PROPERTY) != null) {
            return work.get();
        }
        System.setProperty(PROPERTY, "false");
        try {
            return work.get();
        } finally {
            System.clearProperty(PROPERTY);
        }
    }
}
