package dev.cairn.remote;

import dev.cairn.CairnException;
import java.util.List;
import java.util.Locale;

/**
 * Tests whether a server's scores can be trusted. The server generates a few tokens greedily and
 * then scores them: it must give each token the log-probability it was generated with, rank each as
 * the most probable, and give another text a lower score.
 */
final class Probe {
    private static final List<String> CONTEXTS =
            List.of("The capital of France is", "Once upon a time there was a", "1 2 3 4 5 6");

    private static final String OTHER = " zq#x";
    private static final int TOKENS = 6;

    /**
     * Reading a text at once and token by token gives different rounding, more so in half
     * precision.
     */
    private static final double TOLERANCE = 1e-2;

    private final Completions completions;
    private final Problems problems;

    Probe(Completions completions) {
        this.completions = completions;
        this.problems = completions.problems();
    }

    /**
     * Probes the server.
     *
     * @throws CairnException when the server fails the test
     */
    void run() {
        for (String context : CONTEXTS) {
            Completions.Choice written = completions.writeWithLogprobs(context, TOKENS);
            TokenReport report = TokenReport.of(written.logprobs(), problems).checked(problems);
            if (written.text().isBlank()) {
                continue; // it had nothing to add to this one
            }
            TokenReport read = Echo.of(completions, context, written.text()).continuation();
            int same = sameTokens(report, read);
            if (same > 0) {
                compare(report, read, same);
                compareWithOther(context, report);
                return;
            }
        }
        throw failed(
                "the tokens of a text it has just written",
                "none of them, for %d texts".formatted(CONTEXTS.size()));
    }

    /**
     * Counts the leading tokens that are equal. A text can be tokenized in more than one way, and
     * only equal tokens can be compared.
     */
    private static int sameTokens(TokenReport written, TokenReport read) {
        int max = Math.min(written.size(), read.size());
        int same = 0;
        while (same < max && written.tokens().get(same).equals(read.tokens().get(same))) {
            same++;
        }
        return same;
    }

    private void compare(TokenReport written, TokenReport read, int count) {
        for (int i = 0; i < count; i++) {
            double expected = written.logprobs().get(i);
            double found = read.logprobs().get(i);
            String token = problems.cleaned(written.tokens().get(i));
            if (Math.abs(expected - found) > TOLERANCE) {
                throw failed(
                        "the log-probability %s with which it wrote '%s'"
                                .formatted(number(expected), token),
                        number(found));
            }
            if (!read.isBest(i)) {
                throw failed(
                        "'%s', which it wrote greedily, as the most probable token"
                                .formatted(token),
                        "another with %s in top_logprobs".formatted(number(read.best().get(i))));
            }
        }
    }

    private void compareWithOther(String context, TokenReport written) {
        TokenReport other = Echo.of(completions, context, OTHER).continuation();
        double expected = written.logprobs().getFirst();
        double found = other.logprobs().getFirst();
        if (found >= expected) {
            throw failed(
                    "less than %s, the log-probability of its own text, for '%s'"
                            .formatted(number(expected), OTHER),
                    number(found));
        }
    }

    private CairnException failed(String expected, String found) {
        return problems.problem(
                "cannot be trusted with scores: expected %s when it scores a text, found %s; use another server, or another version of it"
                        .formatted(expected, found));
    }

    private static String number(double logprob) {
        return String.format(Locale.ROOT, "%.4f", logprob);
    }
}
