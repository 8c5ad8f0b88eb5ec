package dev.cairn.tensor.matmul;

import dev.cairn.tensor.Matmul;
import dev.cairn.tensor.Tensor;

/** Reference implementation of {@link Matmul}, written as its definition reads. */
public final class ScalarMatmul implements Matmul {
    @Override
    public void forward(Tensor x, Tensor w, Tensor y, double alpha, boolean accumulate) {
        for (int m = 0; m < y.rows(); m++) {
            for (int n = 0; n < y.cols(); n++) {
                double sum = 0;
                for (int k = 0; k < x.cols(); k++) {
                    sum += x.get(m, k) * w.get(n, k);
                }
                y.set(m, n, alpha * sum + (accumulate ? y.get(m, n) : 0));
            }
        }
    }

    @Override
    public Matmul eachRowAlone() {
        return this;
    }

    @Override
    public void backwardInput(Tensor dy, Tensor w, Tensor dx, double alpha, boolean accumulate) {
        for (int m = 0; m < dx.rows(); m++) {
            for (int k = 0; k < dx.cols(); k++) {
                double sum = 0;
                for (int n = 0; n < dy.cols(); n++) {
                    sum += dy.get(m, n) * w.get(n, k);
                }
                dx.set(m, k, alpha * sum + (accumulate ? dx.get(m, k) : 0));
            }
        }
    }

    @Override
    public void backwardWeight(Tensor dy, Tensor x, Tensor dw, double alpha, boolean accumulate) {
        for (int n = 0; n < dw.rows(); n++) {
            for (int k = 0; k < dw.cols(); k++) {
                double sum = 0;
                for (int m = 0; m < dy.rows(); m++) {
                    sum += dy.get(m, n) * x.get(m, k);
                }
                dw.set(n, k, alpha * sum + (accumulate ? dw.get(n, k) : 0));
            }
        }
    }
}
