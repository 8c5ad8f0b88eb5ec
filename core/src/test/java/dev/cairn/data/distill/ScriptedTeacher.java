package dev.cairn.data.distill;

import dev.cairn.CairnException;
import dev.cairn.config.SamplingParams;
import dev.cairn.text.Answer;
import dev.cairn.text.Answerer;
import dev.cairn.text.FinishReason;
import dev.cairn.text.StageTrace;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.LongFunction;

/** Answers by a rule and remembers what it was asked. */
final class ScriptedTeacher implements LongFunction<Answerer> {
    final List<String> prompts = new CopyOnWriteArrayList<>();
    final List<Long> seeds = new CopyOnWriteArrayList<>();
    private final BiFunction<String, Long, String> rule;

    /**
     * A teacher.
     *
     * @param rule prompt and seed to text; may throw {@link CairnException}
     */
    ScriptedTeacher(BiFunction<String, Long, String> rule) {
        this.rule = rule;
    }

    /** Says the prompt back in capitals. */
    static ScriptedTeacher shouting() {
        return new ScriptedTeacher((prompt, seed) -> prompt.toUpperCase(java.util.Locale.ROOT));
    }

    /** Cannot be reached. */
    static ScriptedTeacher absent() {
        return new ScriptedTeacher((prompt, seed) -> {
            throw new CairnException("cannot connect");
        });
    }

    @Override
    public Answerer apply(long seed) {
        return (input, onText) -> {
            prompts.add(input);
            seeds.add(seed);
            String text = rule.apply(input, seed);
            return new Answer(text, List.of(trace(input, text)));
        };
    }

    private static StageTrace trace(String prompt, String text) {
        FinishReason reason = text.endsWith("…") ? FinishReason.LENGTH : FinishReason.STOP;
        SamplingParams sampling = SamplingParams.GREEDY;
        return new StageTrace(
                new StageTrace.Identity("", "", "", "none"),
                prompt,
                text,
                reason,
                new StageTrace.Tokens(10, 0, 3, List.of(), List.of()),
                StageTrace.Timing.NONE,
                sampling);
    }
}
