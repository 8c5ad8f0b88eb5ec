package dev.cairn.stack;

import dev.cairn.text.Judgement;
import dev.cairn.text.Score;
import dev.cairn.text.Scorer;
import dev.cairn.text.StageTrace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Scores continuations with a stack: a context is the stack's input. The stages before the last
 * write once per context, without seeing the continuations; what the last stage would then read is
 * what the continuations are scored after. Safe for use by several threads.
 */
public final class StackScorer implements Scorer {
    private final Stack stack;

    private StackScorer(Stack stack) {
        this.stack = stack;
    }

    /** A scorer on a stack that is open. */
    public static StackScorer of(Stack stack) {
        return new StackScorer(stack);
    }

    @Override
    public Score score(String context, String continuation) {
        return scores(context, List.of(continuation)).getFirst();
    }

    @Override
    public List<Score> scores(String context, List<String> continuations) {
        return judge(context, continuations).scores();
    }

    /**
     * {@inheritDoc}
     *
     * @throws dev.cairn.CairnException when a stage before the last cannot answer, or a
     *     continuation cannot be scored
     */
    @Override
    public Judgement judge(String context, List<String> continuations) {
        Map<String, String> texts = new HashMap<>();
        texts.put(StackConfig.INPUT, context);
        List<StageTrace> traces = new ArrayList<>();
        for (Stage stage : stack.stages().subList(0, stack.stages().size() - 1)) {
            StageTrace trace = stage.run(texts, new Stack.Observer() {});
            texts.put(stage.config().name(), trace.output());
            traces.add(trace);
        }
        return judge(stack.stages().getLast(), texts, traces, continuations);
    }

    private static Judgement judge(
            Stage last,
            Map<String, String> texts,
            List<StageTrace> traces,
            List<String> continuations) {
        Reading reading = new Reading(last);
        List<Score> scores =
                Likelihoods.ofTexts(
                        last.tokenizer(),
                        last.prompt().render(texts),
                        continuations,
                        reading::scores);
        return new Judgement(scores, traces, reading.read, reading.truncated);
    }

    /** Notes how much of the context was read. */
    private static final class Reading {
        private final Stage stage;
        private int read;
        private int truncated;

        Reading(Stage stage) {
            this.stage = stage;
        }

        List<Score> scores(int[] context, List<int[]> continuations) {
            // The last token of a continuation is looked up, not read.
            int room = stage.generator().model().config().maxPositions() + 1;
            for (int[] continuation : continuations) {
                truncated =
                        Math.max(truncated, context.length + continuation.length - room);
            }
            read = Math.max(read, context.length - truncated);
            return Likelihoods.of(stage.generator(), context, continuations);
        }
    }
}
