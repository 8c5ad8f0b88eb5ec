package dev.cairn.tensor;

import dev.cairn.tensor.Attention.Shape;
import dev.cairn.tensor.Attention.Span;
import java.util.Arrays;

/**
 * Attention of a few queries, as in decoding: keys and values are read where they lie, because
 * copying them side by side for the matrix product would cost more than it saves.
 */
final class FewQueries {
    private FewQueries() {}

    /** The query heads that share one key-value head of one span. */
    static void forward(
            Shape shape,
            Span span,
            int kvHead,
            Heads q,
            Heads k,
            Heads v,
            Heads out,
            Tensor logSumExp) {
        int dim = shape.headDim();
        float[] scores = new float[VectorMath.padded(span.keyCount())];
        float[] lanes = new float[VectorMath.LANES];
        for (int h = kvHead * shape.group(); h < (kvHead + 1) * shape.group(); h++) {
            for (int i = 0; i < span.queryCount(); i++) {
                int row = span.queryStart() + i;
                int keys = span.keyCount() - span.queryCount() + i + 1;
                for (int j = 0; j < keys; j++) {
                    int at = k.at(span.keyStart() + j, kvHead);
                    scores[j] =
                            (float) shape.scale()
                                    * VectorMath.dot(
                                            q.floats(), q.at(row, h), k.floats(), at, dim, lanes);
                }
                float max = VectorMath.max(scores, 0, keys);
                VectorMath.exp(scores, 0, keys, max);
                float sum = VectorMath.sum(scores, 0, keys, lanes);
                logSumExp.set(row, h, max + Math.log(sum));
                int outAt = out.at(row, h);
                Arrays.fill(out.floats(), outAt, outAt + dim, 0f);
                for (int j = 0; j < keys; j++) {
                    int at = v.at(span.keyStart() + j, kvHead);
                    VectorMath.axpy(scores[j] / sum, v.floats(), at, out.floats(), outAt, dim);
                }
            }
        }
    }
}
