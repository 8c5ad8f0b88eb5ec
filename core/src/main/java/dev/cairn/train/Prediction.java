package dev.cairn.train;

import dev.cairn.CairnException;
import dev.cairn.data.TokenExample;
import dev.cairn.model.CausalLm;
import dev.cairn.model.ForwardContext;
import dev.cairn.model.Workspace;
import dev.cairn.tensor.LogSumExp;
import dev.cairn.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * How well a model predicts the targets of one example, each after all the right tokens before it.
 *
 * @param targets number of tokens to predict
 * @param hits number of those that are the model's most probable token
 * @param loss their negative log-likelihoods, summed, in nats
 */
public record Prediction(int targets, int hits, double loss) {
    /** Whether greedy decoding would write all of them. */
    public boolean isWhole() {
        return hits == targets;
    }

    /**
     * Predicts examples, several in one forward pass.
     *
     * @return one prediction per example, in order
     * @throws CairnException if an example is longer than the model's context window, a token is
     *     outside its vocabulary, or its logits are not finite
     */
    public static List<Prediction> of(CausalLm model, List<TokenExample> examples) {
        ForwardContext pass = ForwardContext.inference(model.kernels(), null);
        List<Token> tokens = new ArrayList<>();
        for (TargetRows rows : TargetRows.pieces(examples)) {
            try (Workspace.Frame frame = pass.frame()) {
                predict(model, pass, rows, tokens);
            }
        }
        List<Prediction> predictions = new ArrayList<>();
        int at = 0;
        for (TokenExample example : examples) {
            predictions.add(sum(tokens.subList(at, at + example.targets())));
            at += example.targets();
        }
        return predictions;
    }

    private record Token(boolean isFirst, double loss) {
        static Token of(float[] logits, int target) {
            int first = LogSumExp.argMax(logits);
            if (first < 0) {
                throw new CairnException(
                        "the model's logits are not all finite; its weights are broken");
            }
            float max = logits[first];
            return new Token(
                    first == target,
                    LogSumExp.aboveMax(logits, max) + max - (double) logits[target]);
        }
    }

    private static Prediction sum(List<Token> tokens) {
        return new Prediction(
                tokens.size(),
                Math.toIntExact(tokens.stream().filter(Token::isFirst).count()),
                tokens.stream().mapToDouble(Token::loss).sum());
    }

    private static void predict(
            CausalLm model, ForwardContext pass, TargetRows rows, List<Token> tokens) {
        Tensor hidden = rows.forward(model, pass).hidden();
        int[] targets = rows.targets();
        for (int from = 0; from < targets.length; from += NextTokenLoss.CHUNK) {
            int count = Math.min(NextTokenLoss.CHUNK, targets.length - from);
            try (Workspace.Frame frame = pass.frame()) {
                Tensor x = pass.blank(count, hidden.cols());
                pass.kernels().elementwise().copyRows(hidden, from, x, 0, count);
                Tensor logits = model.head().forward(pass, x).y();
                float[] row = new float[logits.cols()];
                for (int i = 0; i < count; i++) {
                    logits.read(i, 0, row.length, row, 0);
                    tokens.add(Token.of(row, targets[from + i]));
                }
            }
        }
    }
}
