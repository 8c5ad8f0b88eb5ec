package dev.cairn.config;

import dev.cairn.CairnException;
import dev.cairn.support.Range;

/**
 * Settings of AdamW (Loshchilov &amp; Hutter 2019).
 *
 * @param weightDecay decoupled, on matrices
 * @param maxGradNorm the gradient's length is clipped to this; 0 does not clip
 * @param adamBeta1 decay of the mean of gradients
 * @param adamBeta2 decay of the mean of squared gradients
 * @param adamEpsilon keeps the division finite
 */
public record AdamWConfig(
        double weightDecay,
        double maxGradNorm,
        double adamBeta1,
        double adamBeta2,
        double adamEpsilon) {
    /**
     * @throws CairnException naming the setting that is out of range
     */
    public AdamWConfig {
        Range.within("weight_decay", weightDecay, 0, 10);
        Range.within("max_grad_norm", maxGradNorm, 0, 1e9);
        Range.within("adam_beta1", adamBeta1, 0, 0.999999);
        Range.within("adam_beta2", adamBeta2, 0, 0.9999999);
        Range.within("adam_epsilon", adamEpsilon, Range.ABOVE_0, 1);
    }
}
