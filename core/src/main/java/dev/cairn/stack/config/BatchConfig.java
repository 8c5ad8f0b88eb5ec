package dev.cairn.stack.config;

import dev.cairn.support.Range;

/**
 * Settings for packing examples and for the number of examples per update.
 *
 * @param sequenceLen number of tokens of a packed row, and the maximum length of an example
 * @param microBatchSize packed rows per forward pass
 * @param gradientAccumulationSteps forward passes per update
 * @param numEpochs passes over all examples
 */
public record BatchConfig(
        int sequenceLen, int microBatchSize, int gradientAccumulationSteps, int numEpochs) {
    /**
     * @throws dev.cairn.CairnException if a setting is out of range; the message names it
     */
    public BatchConfig {
        Range.atLeast("sequence_len", sequenceLen, 2);
        Range.atLeast("micro_batch_size", microBatchSize, 1);
        Range.atLeast("gradient_accumulation_steps", gradientAccumulationSteps, 1);
        Range.atLeast("num_epochs", numEpochs, 1);
    }

    /** A copy with this number of tokens per row. */
    public BatchConfig withSequenceLen(int tokens) {
        return new BatchConfig(tokens, microBatchSize, gradientAccumulationSteps, numEpochs);
    }

    /** A copy with this number of rows per forward pass. */
    public BatchConfig withMicroBatchSize(int rows) {
        return new BatchConfig(sequenceLen, rows, gradientAccumulationSteps, numEpochs);
    }

    /** A copy with this number of epochs. */
    public BatchConfig withNumEpochs(int epochs) {
        return new BatchConfig(sequenceLen, microBatchSize, gradientAccumulationSteps, epochs);
    }
}
