package dev.cairn.eval.why;

import dev.cairn.eval.Fakes;
import dev.cairn.eval.Item;
import dev.cairn.eval.ItemSet;
import dev.cairn.eval.SetResult;
import dev.cairn.eval.question.Evaluator;
import dev.cairn.text.Answer;
import dev.cairn.text.StageTrace;
import dev.cairn.text.StagedAnswerer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A system of stages made of functions; each reads the input and the texts before it, by name. */
final class FakeStages implements StagedAnswerer {
    private final Map<String, Function<Map<String, String>, String>> byName = new LinkedHashMap<>();
    final AtomicInteger asked = new AtomicInteger();

    FakeStages then(String name, Function<Map<String, String>, String> stage) {
        byName.put(name, stage);
        return this;
    }

    @Override
    public List<String> stages() {
        return List.copyOf(byName.keySet());
    }

    @Override
    public Answer answer(String input, Map<String, String> given) {
        asked.incrementAndGet();
        return run(input, given);
    }

    private Answer run(String input, Map<String, String> given) {
        Map<String, String> texts = new HashMap<>(Map.of("input", input));
        List<StageTrace> traces = new ArrayList<>();
        byName.forEach((name, stage) -> {
            String text = given.containsKey(name) ? given.get(name) : stage.apply(texts);
            texts.put(name, text);
            traces.add(Fakes.stage(name, "", text, 0));
        });
        return new Answer(traces.getLast().output(), traces);
    }

    /**
     * Asks numbered questions and then why. The gold text of a stage is its name and the number of
     * the question, and so is the input.
     */
    Why why(int questions) {
        ItemSet set = Fakes.numbered("set", questions);
        Evaluator evaluator = Evaluator.withThreads(2);
        SetResult plain =
                evaluator.evaluate(
                        (input, onText) -> run(input, Map.of()), set, (done, all, right) -> {});
        return WhyEvaluator.withThreads(2)
                .evaluate(this, "fake", plain, gold(set), (done, all, right) -> {});
    }

    private GoldTexts gold(ItemSet set) {
        return new GoldTexts(set.items().stream().collect(Collectors.toMap(Item::id, this::gold)));
    }

    private Map<String, String> gold(Item item) {
        String number = item.input().replace("input", "");
        return stages().subList(0, byName.size() - 1).stream()
                .collect(Collectors.toMap(stage -> stage, stage -> stage + number));
    }
}
