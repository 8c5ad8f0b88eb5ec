package dev.cairn.tensor;

/** Softmax cross-entropy: the loss of predicting the next token. */
public interface CrossEntropy {
    /**
     * Turns logits into the gradient of the loss, in place: {@code (softmax(logits) − onehot) ·
     * scale}.
     *
     * @param logits {@code [T, vocabulary]}, overwritten
     * @param targets the token each row should have predicted
     * @param scale what the summed loss is multiplied with
     * @return Σ_t −log softmax(logits[t])[targets[t]], unscaled, added up in double
     */
    double lossAndGradient(Tensor logits, int[] targets, double scale);
}
