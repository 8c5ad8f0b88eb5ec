package dev.cairn.remote;

import dev.cairn.text.Answer;
import dev.cairn.text.Answerer;
import dev.cairn.text.FinishReason;
import dev.cairn.text.Loglikelihood;
import dev.cairn.text.LoglikelihoodScorer;
import dev.cairn.text.Sampling;
import dev.cairn.text.Score;
import dev.cairn.text.StageTrace;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Scores and writes with a model behind an OpenAI-compatible address that can complete texts and
 * tell the log-probabilities of their tokens ({@code /completions} with {@code echo} and {@code
 * logprobs}). Of popular servers several get this wrong without a word: {@link #probe} finds out.
 * Safe for use by several threads.
 */
public final class RemoteScorer implements LoglikelihoodScorer, AutoCloseable {
    private final RemoteSettings settings;
    private final Problems problems;
    private final Completions completions;

    private RemoteScorer(RemoteSettings settings, Problems problems, Completions completions) {
        this.settings = settings;
        this.problems = problems;
        this.completions = completions;
    }

    /** Prepares to ask; nothing is sent before the first question. */
    public static RemoteScorer open(RemoteSettings settings) {
        return open(settings, Thread::sleep);
    }

    static RemoteScorer open(RemoteSettings settings, Retries.Pause pause) {
        Problems problems = new Problems(settings, "completions");
        return new RemoteScorer(
                settings,
                problems,
                new Completions(settings, problems, Clients.open(settings, problems, pause)));
    }

    /**
     * Holds the server to its own words: what it writes must have the log-probabilities it was
     * written with when it is scored.
     *
     * @throws dev.cairn.CairnException saying what was expected and what was found, when the
     *     server's scores cannot be trusted
     */
    public void probe() {
        new Probe(completions, problems).run();
    }

    /**
     * {@inheritDoc}
     *
     * @throws dev.cairn.CairnException when the server gives no usable log-probability for each
     *     token of the continuation, or a token lies across its beginning
     */
    @Override
    public Score score(String context, String continuation) {
        return score(Echo.of(completions, context, continuation, problems));
    }

    @Override
    public List<Score> scores(String context, List<String> continuations) {
        return judge(context, continuations).scores();
    }

    /** One request for each continuation; servers keep the context they have read. */
    @Override
    public Loglikelihood judge(String context, List<String> continuations) {
        List<Echo> echoes =
                continuations.stream()
                        .map(continuation -> Echo.of(completions, context, continuation, problems))
                        .toList();
        return new Loglikelihood(
                echoes.stream().map(RemoteScorer::score).toList(),
                List.of(),
                echoes.stream().mapToInt(Echo::contextTokens).max().orElse(0));
    }

    private static Score score(Echo echo) {
        TokenReport tokens = echo.continuation();
        return new Score(
                Collections.nCopies(tokens.size(), Score.UNKNOWN),
                tokens.logprobs(),
                IntStream.range(0, tokens.size()).allMatch(tokens::isBest));
    }

    /**
     * Goes on with a text as it is, greedily.
     *
     * @param until texts that end the writing, and are no part of it
     */
    public Answerer writing(int maxTokens, List<String> until) {
        return (input, onText) -> {
            long start = System.nanoTime();
            Completions.Choice choice = completions.write(input, maxTokens, until);
            double millis = (System.nanoTime() - start) / 1e6;
            onText.accept(choice.text());
            return new Answer(choice.text(), List.of(trace(input, choice, millis)));
        };
    }

    private StageTrace trace(String input, Completions.Choice choice, double millis) {
        return new StageTrace(
                "",
                settings.model(),
                choice.model().isEmpty() ? settings.model() : choice.model(),
                "none",
                input,
                choice.text(),
                choice.finishReason().equals("length") ? FinishReason.LENGTH : FinishReason.STOP,
                choice.promptTokens(),
                0,
                choice.completionTokens(),
                List.of(),
                List.of(),
                0,
                millis,
                new Sampling(0, 0, 1, 0, 1, 0));
    }

    /** Lets go of all connections; answers that are still awaited fail. */
    @Override
    public void close() {
        completions.close();
    }
}
