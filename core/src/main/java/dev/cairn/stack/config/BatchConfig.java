package dev.cairn.stack.config;

import dev.cairn.support.Range;

/**
 * How examples are packed and how many of them make an update.
 *
 * @param sequenceLen tokens of a packed row, and the most an example may have
 * @param microBatchSize packed rows per forward pass
 * @param gradientAccumulationSteps forward passes per update
 * @param numEpochs how often each example is seen
 */
public record BatchConfig(
        int sequenceLen, int microBatchSize, int gradientAccumulationSteps, int numEpochs) {
    /**
     * @throws dev.cairn.CairnException naming the setting that is out of range
     */
    public BatchConfig {
        Range.atLeast("sequence_len", sequenceLen, 2);
        Range.atLeast("micro_batch_size", microBatchSize, 1);
        Range.atLeast("gradient_accumulation_steps", gradientAccumulationSteps, 1);
        Range.atLeast("num_epochs", numEpochs, 1);
    }

    /** The same with rows of so many tokens. */
    public BatchConfig withSequenceLen(int tokens) {
        return new BatchConfig(tokens, microBatchSize, gradientAccumulationSteps, numEpochs);
    }

    /** The same with so many rows per forward pass. */
    public BatchConfig withMicroBatchSize(int rows) {
        return new BatchConfig(sequenceLen, rows, gradientAccumulationSteps, numEpochs);
    }

    /** The same with so many passes over the examples. */
    public BatchConfig withNumEpochs(int epochs) {
        return new BatchConfig(sequenceLen, microBatchSize, gradientAccumulationSteps, epochs);
    }
}
