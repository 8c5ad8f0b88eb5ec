package dev.cairn.tensor;

/** Softmax cross-entropy: the loss of predicting the next token. */
public interface CrossEntropy {
    /**
     * Turns logits into the gradient of the loss, in place: {@code (softmax(logits) − onehot) ·
     * scale}.
     *
     * @param logits {@code [T, vocabulary]}, overwritten
     * @param targets the token each row should have predicted
     * @param scale factor of the summed loss
     * @return Σ_t −log softmax(logits[t])[targets[t]], unscaled, summed in double
     */
    double lossAndGradient(Tensor logits, int[] targets, double scale);
}
