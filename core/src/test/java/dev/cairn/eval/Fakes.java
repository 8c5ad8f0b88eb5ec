package dev.cairn.eval;

import dev.cairn.config.SamplingParams;
import dev.cairn.text.Answer;
import dev.cairn.text.Answerer;
import dev.cairn.text.FinishReason;
import dev.cairn.text.StageTrace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Small stand-ins for systems and their results. */
public final class Fakes {
    private Fakes() {}

    /** A system of one stage that answers by a function. */
    public static Answerer answering(UnaryOperator<String> answer) {
        return (input, onText) -> {
            String text = answer.apply(input);
            return new Answer(text, List.of(stage("answer", "Q: " + input, text, 0)));
        };
    }

    public static StageTrace stage(String name, String prompt, String output, int truncated) {
        return new StageTrace(
                new StageTrace.Identity("stack", name, "pebble", "none"),
                prompt,
                output,
                FinishReason.STOP,
                new StageTrace.Tokens(40, truncated, 7, List.of("a", "b"), List.of(-0.25, -0.75)),
                new StageTrace.Timing(12.5, 30.0),
                SamplingParams.GREEDY);
    }

    public static ItemSet numbered(String name, int count) {
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(new Item("q" + i, i % 2 == 0 ? "even" : "odd", "input " + i, "answer " + i));
        }
        return new ItemSet(name, items);
    }

    /** Results whose right answers are told by a string of 1 (right) and 0 (wrong). */
    public static SetResult results(String set, String outcomes) {
        ItemSet items = numbered(set, outcomes.length());
        List<ItemResult> results = new ArrayList<>();
        for (int i = 0; i < outcomes.length(); i++) {
            Item item = items.items().get(i);
            boolean correct = outcomes.charAt(i) == '1';
            String answer = correct ? item.answer() : "no idea";
            List<StageTrace> stages =
                    List.of(
                            stage("facts", "F: " + item.input(), "a fact", 0),
                            stage("answer", "A: " + item.input(), answer, 0));
            results.add(new ItemResult(item, answer, correct, null, stages, 50));
        }
        return new SetResult(set, results);
    }

    public static SystemRun run(String name, SetResult... sets) {
        return new SystemRun(
                new SystemInfo(
                        name,
                        "System " + name + ".",
                        List.of(new Fact("Trained parameters", "147,456"))),
                List.of(sets));
    }
}
