package dev.cairn.tensor.kernel;

import dev.cairn.tensor.Attention;
import dev.cairn.tensor.Heads;
import dev.cairn.tensor.Tensor;
import java.util.List;

/** Reference implementation of {@link Attention}, written as the formulas read. */
final class ScalarAttention implements Attention {
    @Override
    public void forward(
            Shape shape, List<Span> spans, Heads q, Heads k, Heads v, Heads out, Tensor logSumExp) {
        for (Span span : spans) {
            for (int h = 0; h < shape.heads(); h++) {
                for (int i = 0; i < span.queryCount(); i++) {
                    forwardOne(shape, span, h, i, q, k, v, out, logSumExp);
                }
            }
        }
    }

    private static void forwardOne(
            Shape shape,
            Span span,
            int h,
            int i,
            Heads q,
            Heads k,
            Heads v,
            Heads out,
            Tensor logSumExp) {
        int row = span.queryStart() + i;
        int keys = span.keyCount() - span.queryCount() + i + 1;
        int first = shape.firstVisible(keys);
        int kvHead = h / shape.group();
        double[] scores = new double[keys];
        double max = Double.NEGATIVE_INFINITY;
        for (int j = first; j < keys; j++) {
            scores[j] = shape.scale() * dot(shape, q, row, h, k, span.keyStart() + j, kvHead);
            max = Math.max(max, scores[j]);
        }
        double sum = 0;
        for (int j = first; j < keys; j++) {
            sum += Math.exp(scores[j] - max);
        }
        logSumExp.set(row, h, max + Math.log(sum));
        for (int d = 0; d < shape.headDim(); d++) {
            double value = 0;
            for (int j = first; j < keys; j++) {
                value += Math.exp(scores[j] - max) / sum * v.get(span.keyStart() + j, kvHead, d);
            }
            out.set(row, h, d, value);
        }
    }

    @Override
    public void backward(
            Shape shape,
            List<Span> spans,
            Heads q,
            Heads k,
            Heads v,
            Heads out,
            Tensor logSumExp,
            Heads dOut,
            Heads dq,
            Heads dk,
            Heads dv) {
        for (Span span : spans) {
            for (int h = 0; h < shape.heads(); h++) {
                for (int i = 0; i < span.queryCount(); i++) {
                    int row = span.queryStart() + i;
                    int kvHead = h / shape.group();
                    int keys = span.keyCount() - span.queryCount() + i + 1;
                    // Σ_j p_j·dp_j = Σ_d out_d·dOut_d
                    double mean = dot(shape, out, row, h, dOut, row, h);
                    for (int j = shape.firstVisible(keys); j < keys; j++) {
                        int key = span.keyStart() + j;
                        double score = shape.scale() * dot(shape, q, row, h, k, key, kvHead);
                        double p = Math.exp(score - logSumExp.get(row, h));
                        double dp = dot(shape, dOut, row, h, v, key, kvHead);
                        double ds = p * (dp - mean) * shape.scale();
                        for (int d = 0; d < shape.headDim(); d++) {
                            dv.add(key, kvHead, d, p * dOut.get(row, h, d));
                            dq.add(row, h, d, ds * k.get(key, kvHead, d));
                            dk.add(key, kvHead, d, ds * q.get(row, h, d));
                        }
                    }
                }
            }
        }
    }

    private static double dot(
            Shape shape, Heads a, int aRow, int aHead, Heads b, int bRow, int bHead) {
        double sum = 0;
        for (int d = 0; d < shape.headDim(); d++) {
            sum += a.get(aRow, aHead, d) * b.get(bRow, bHead, d);
        }
        return sum;
    }
}
