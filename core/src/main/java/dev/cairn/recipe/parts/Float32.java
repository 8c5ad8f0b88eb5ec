package dev.cairn.recipe.parts;

import java.util.function.Supplier;

/**
 * Makes evaluations compute in float32. On some processors, products are faster with both factors
 * in bfloat16, but then a log-likelihood differs between machines in its second decimal.
 */
public final class Float32 {
    private static final String PROPERTY = "cairn.bf16";

    private Float32() {}

    /** Computes in float32, unless the user has set {@code -Dcairn.bf16}. */
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
