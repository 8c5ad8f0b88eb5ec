package dev.cairn.remote;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * What a server reports about the tokens of a text. A log-probability it does not give is NaN.
 *
 * @param tokens as texts
 * @param logprobs natural log-probability of each
 * @param best log-probability of the most probable token at each position
 * @param offsets where each begins in the text, in code points
 */
record TokenReport(
        List<String> tokens, List<Double> logprobs, List<Double> best, List<Integer> offsets) {
    /** The most probable token has the best log-probability, up to rounding. */
    private static final double SAME = 1e-6;

    /** A server that computes in half precision may round a log-probability of 0 up. */
    private static final double ABOVE_ZERO = 1e-4;

    /**
     * Reads the {@code logprobs} of a choice.
     *
     * @throws dev.cairn.CairnException when something is missing
     */
    static TokenReport of(JsonNode logprobs, Problems problems) {
        List<String> tokens = new ArrayList<>();
        logprobs.path("tokens").forEach(token -> tokens.add(token.asString("")));
        if (tokens.isEmpty()) {
            throw problems.problem(
                    "gives no tokens with their log-probabilities; scoring needs a server whose /completions supports logprobs and echo, such as vLLM");
        }
        requireAll(logprobs, "token_logprobs", tokens.size(), problems);
        requireAll(logprobs, "text_offset", tokens.size(), problems);
        requireAll(logprobs, "top_logprobs", tokens.size(), problems);
        List<Double> values = new ArrayList<>();
        List<Double> best = new ArrayList<>();
        List<Integer> offsets = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            values.add(number(logprobs.path("token_logprobs").get(i)));
            best.add(best(logprobs.path("top_logprobs").get(i)));
            offsets.add(logprobs.path("text_offset").get(i).asInt(-1));
        }
        return new TokenReport(tokens, values, best, offsets);
    }

    private static void requireAll(JsonNode logprobs, String field, int count, Problems problems) {
        int found = logprobs.path(field).size();
        if (found != count) {
            throw problems.problem(
                    "gives %d %s for %d tokens; its log-probabilities cannot be used"
                            .formatted(found, field, count));
        }
    }

    private static double number(JsonNode value) {
        return value.isNumber() ? value.doubleValue() : Double.NaN;
    }

    private static double best(JsonNode top) {
        double best = Double.NEGATIVE_INFINITY;
        for (JsonNode value : top) {
            best = Math.max(best, number(value));
        }
        return best;
    }

    int size() {
        return tokens.size();
    }

    boolean isBest(int i) {
        return logprobs.get(i) >= best.get(i) - SAME;
    }

    /** The tokens that begin at {@code from} or later and before {@code to}. */
    TokenReport between(int from, int to) {
        TokenReport part =
                new TokenReport(
                        new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < size(); i++) {
            if (offsets.get(i) >= from && offsets.get(i) < to) {
                part.tokens.add(tokens.get(i));
                part.logprobs.add(logprobs.get(i));
                part.best.add(best.get(i));
                part.offsets.add(offsets.get(i));
            }
        }
        return part;
    }

    /**
     * Returns this report after checking every log-probability.
     *
     * @throws dev.cairn.CairnException naming the token that has none
     */
    TokenReport checked(Problems problems) {
        for (int i = 0; i < size(); i++) {
            double logprob = logprobs.get(i);
            if (Double.isNaN(logprob) || logprob > ABOVE_ZERO) {
                throw problems.problem(
                        "gives the token%s %s; expected a log-probability, 0 or less"
                                .formatted(
                                        problems.quoted(tokens.get(i)),
                                        Double.isNaN(logprob)
                                                ? "no number"
                                                : "the log-probability " + logprob));
            }
        }
        return this;
    }
}
