package dev.cairn.generate;

import dev.cairn.generate.Generator.Likelihood;
import dev.cairn.model.CausalLm;
import dev.cairn.model.ForwardContext;
import dev.cairn.model.KvCache;
import dev.cairn.model.TokenBatch;
import dev.cairn.tensor.Tensor;
import dev.cairn.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Computes the likelihoods of several continuations of one context. */
final class Scoring {
    private final Generator generator;
    private final int[] context;
    private final ForwardContext pass;
    private @Nullable Read read;

    /**
     * The end of a context, already read.
     *
     * @param length number of tokens, counted from the end of the context
     * @param last hidden state of the last token {@code [1, hidden]}
     */
    private record Read(int length, KvCache cache, Tensor last) {}

    Scoring(Generator generator, int[] context) {
        this.generator = generator;
        this.context = context;
        this.pass = ForwardContext.inference(generator.model().kernels(), generator.adapter());
    }

    List<Likelihood> of(List<int[]> continuations) {
        int longest = continuations.stream().mapToInt(c -> c.length).max().orElse(0);
        List<Likelihood> likelihoods = new ArrayList<>();
        for (int[] continuation : continuations) {
            likelihoods.add(of(continuation, longest));
        }
        return likelihoods;
    }

    /** The likelihood of one continuation; its last token is only predicted, not read. */
    private Likelihood of(int[] continuation, int longest) {
        int count = continuation.length;
        if (count == 0) {
            return new Likelihood(new double[0], true);
        }
        Read before = context(Math.min(context.length, window() + 1 - count), longest);
        Tensor hidden = pass.zeros(count, before.last().cols());
        copy(before.last(), 0, hidden, 0, 1);
        if (count > 1) {
            int[] ids = Arrays.copyOf(continuation, count - 1);
            TokenBatch batch = TokenBatch.next(ids, before.length());
            copy(model().forward(pass, batch, before.cache()).hidden(), 0, hidden, 1, count - 1);
            before.cache().rewind(before.length());
        }
        return likelihood(hidden, continuation);
    }

    /** Reads the end of the context, unless it was already read for the previous continuation. */
    private Read context(int length, int longest) {
        if (read == null || read.length() != length) {
            int[] kept = Arrays.copyOfRange(context, context.length - length, context.length);
            KvCache cache = model().newCache(Math.min(window(), length + longest));
            Tensor hidden = new Prefill(model(), generator.prefixes(), pass, cache, kept).read();
            Tensor last = pass.zeros(1, hidden.cols());
            copy(hidden, hidden.rows() - 1, last, 0, 1);
            read = new Read(length, cache, last);
        }
        return read;
    }

    /**
     * Computes one row of logits at a time: those of a whole text would take more memory than the
     * model.
     */
    private Likelihood likelihood(Tensor hidden, int[] continuation) {
        double[] logprobs = new double[continuation.length];
        boolean isGreedy = true;
        for (int i = 0; i < continuation.length; i++) {
            Tensor row = pass.zeros(1, hidden.cols());
            copy(hidden, i, row, 0, 1);
            float[] logits = model().head().forward(pass, row).y().toFloats();
            logprobs[i] = LogProbs.of(logits, continuation[i]);
            isGreedy &= LogProbs.argMax(logits) == continuation[i];
        }
        return new Likelihood(logprobs, isGreedy);
    }

    private void copy(Tensor from, int row, Tensor to, int toRow, int count) {
        Kernels k = pass.kernels();
        k.elementwise().copyRows(from, row, to, toRow, count);
    }

    private CausalLm model() {
        return generator.model();
    }

    private int window() {
        return model().config().maxPositions();
    }
}
