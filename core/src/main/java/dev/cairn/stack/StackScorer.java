package dev.cairn.stack;

import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.engine.Likelihoods;
import dev.cairn.stack.engine.PrefixToken;
import dev.cairn.stack.engine.Stage;
import dev.cairn.text.Loglikelihood;
import dev.cairn.text.LoglikelihoodScorer;
import dev.cairn.text.Score;
import dev.cairn.text.StageTrace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Scores continuations with a stack, whose input is the context. The stages before the last run
 * once per context, without seeing the continuations; the continuations are then scored after the
 * last stage's prompt. Thread-safe.
 */
public final class StackScorer implements LoglikelihoodScorer {
    private final Stack stack;

    /** The token that represents an empty context. */
    private final OptionalInt prefix;

    private StackScorer(Stack stack, OptionalInt prefix) {
        this.stack = stack;
        this.prefix = prefix;
    }

    /** A scorer on an open stack. */
    public static StackScorer of(Stack stack) {
        Stage last = stack.stages().getLast();
        return new StackScorer(
                stack,
                PrefixToken.of(
                        last.tokenizer(),
                        stack.config().baseModel(),
                        last.generator().model().config()));
    }

    @Override
    public Score score(String context, String continuation) {
        return scores(context, List.of(continuation)).getFirst();
    }

    @Override
    public List<Score> scores(String context, List<String> continuations) {
        return loglikelihood(context, continuations).scores();
    }

    /**
     * {@inheritDoc}
     *
     * @throws dev.cairn.CairnException if a stage before the last cannot answer, or a continuation
     *     cannot be scored
     */
    @Override
    public Loglikelihood loglikelihood(String context, List<String> continuations) {
        Map<String, String> texts = new HashMap<>();
        texts.put(StackConfig.INPUT, context);
        List<StageTrace> traces = new ArrayList<>();
        for (Stage stage : stack.stages().subList(0, stack.stages().size() - 1)) {
            StageTrace trace = stage.run(texts);
            texts.put(stage.config().name(), trace.output());
            traces.add(trace);
        }
        Stage last = stack.stages().getLast();
        AtomicInteger read = new AtomicInteger();
        List<Score> scores =
                Likelihoods.ofTexts(
                        last.tokenizer(),
                        prefix,
                        last.prompt().render(texts),
                        last.prompt().addSpecialTokens(),
                        continuations,
                        (ids, each) -> {
                            read.accumulateAndGet(ids.length, Math::max);
                            return Likelihoods.of(last.generator(), ids, each);
                        });
        return new Loglikelihood(scores, traces, read.get());
    }
}
