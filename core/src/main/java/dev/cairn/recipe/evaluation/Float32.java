package dev.cairn.recipe.evaluation;

import java.util.concurrent.Callable;

/**
 * Lets verbs that measure compute in float32. On some processors products are quicker with both
 * factors in bfloat16, and a log-likelihood then differs in its second decimal from what another
 * machine finds.
 */
final class Float32 {
    private static final String PROPERTY = "cairn.bf16";

    private Float32() {}

    /** Works in float32, unless {@code -Dcairn.bf16} says what the user wants. */
    static <T> T compute(Callable<T> work) throws Exception {
        if (System.getProperty(PROPERTY) != null) {
            return work.call();
        }
        System.setProperty(PROPERTY, "false");
        try {
            return work.call();
        } finally {
            System.clearProperty(PROPERTY);
        }
    }
}
