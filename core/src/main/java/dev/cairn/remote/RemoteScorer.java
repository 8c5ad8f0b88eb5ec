package dev.cairn.remote;

import dev.cairn.config.SamplingParams;
import dev.cairn.text.Answerer;
import dev.cairn.text.Loglikelihood;
import dev.cairn.text.LoglikelihoodScorer;
import dev.cairn.text.Score;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Scores and generates text with a model behind an OpenAI-compatible address that can complete
 * texts and return the log-probabilities of their tokens ({@code /completions} with {@code echo}
 * and {@code logprobs}). Several popular servers get this wrong silently; {@link #probe} finds out.
 * Safe for use by several threads.
 */
public final class RemoteScorer implements LoglikelihoodScorer, AutoCloseable {
    private final Completions completions;

    RemoteScorer(Completions completions) {
        this.completions = completions;
    }

    /** Opens a scorer; nothing is sent before the first question. */
    public static RemoteScorer open(RemoteSettings settings) {
        return new RemoteScorer(new Completions(Endpoint.completions(settings, Thread::sleep)));
    }

    /**
     * Tests the server: when it scores text it has generated, the log-probabilities must be those
     * it generated the text with.
     *
     * @throws dev.cairn.CairnException saying what was expected and what was found, when the
     *     server's scores cannot be trusted
     */
    public void probe() {
        new Probe(completions).run();
    }

    /**
     * {@inheritDoc}
     *
     * @throws dev.cairn.CairnException when the server gives no usable log-probability for each
     *     token of the continuation, or a token crosses its start
     */
    @Override
    public Score score(String context, String continuation) {
        return score(Echo.of(completions, context, continuation));
    }

    @Override
    public List<Score> scores(String context, List<String> continuations) {
        return loglikelihood(context, continuations).scores();
    }

    /** Sends one request per continuation; servers cache the context they have read. */
    @Override
    public Loglikelihood loglikelihood(String context, List<String> continuations) {
        List<Echo> echoes =
                continuations.stream()
                        .map(continuation -> Echo.of(completions, context, continuation))
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
     * Continues a text as it is, greedily.
     *
     * @param until texts that end the answer and are not part of it
     */
    public Answerer writing(int maxTokens, List<String> until) {
        return new RemoteAnswerer(
                completions.endpoint().settings(),
                SamplingParams.GREEDY,
                input -> completions.write(input, maxTokens, until));
    }

    /** Closes all connections; requests in progress fail. */
    @Override
    public void close() {
        completions.close();
    }
}
