package dev.cairn.recipe.evaluation;

import dev.cairn.CairnException;
import dev.cairn.eval.SetResult;
import dev.cairn.eval.SystemRun;
import dev.cairn.eval.why.GoldTexts;
import dev.cairn.eval.why.Why;
import dev.cairn.eval.why.WhyEvaluator;
import dev.cairn.recipe.RecipeListener;
import dev.cairn.recipe.parts.Part;
import dev.cairn.stack.Stack;
import dev.cairn.stack.config.StageConfig;
import dev.cairn.tensor.ThreadPool;
import dev.cairn.text.Answer;
import dev.cairn.text.StageListener;
import dev.cairn.text.StagedAnswerer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Attributes the errors of stacks to their stages, given the answers of the plain runs.
 *
 * @param stacks the stacks with several stages, with their gold texts
 */
record ErrorAttribution(List<WithGold> stacks, RecipeListener listener) {
    /** Does nothing. */
    static final ErrorAttribution NONE = new ErrorAttribution(List.of(), RecipeListener.NONE);

    /**
     * A stack and its gold texts.
     *
     * @param gold gold texts, one entry per question set, in order
     */
    private record WithGold(OpenedStack opened, List<GoldTexts> gold) {
        String name() {
            return opened.name();
        }
    }

    /**
     * The attribution for every stack with several stages.
     *
     * @throws CairnException if a question has no gold text for a stage, or no stack has several
     *     stages
     */
    static ErrorAttribution of(
            List<OpenedStack> stacks, List<AskedQuestions> sets, RecipeListener listener) {
        List<OpenedStack> several =
                stacks.stream().filter(stack -> stack.config().stages().size() > 1).toList();
        if (several.isEmpty()) {
            throw new CairnException(
                            "cannot attribute errors to stages: expected a stack of two or more stages, found only one stage")
                    .suggesting("why");
        }
        return new ErrorAttribution(
                several.stream()
                        .map(stack ->
                                new WithGold(
                                        stack,
                                        sets.stream()
                                                .map(set -> GoldStageTexts.of(stack.config(), set))
                                                .toList()))
                        .toList(),
                listener);
    }

    /** Runs the attribution; {@code runs} are the plain answers of all stacks. */
    List<Why> ask(List<SystemRun> runs) {
        List<Why> whys = new ArrayList<>();
        for (WithGold stack : stacks) {
            for (SystemRun run : runs) {
                if (run.system().name().equals(stack.name())) {
                    whys.addAll(ask(stack, run.sets()));
                }
            }
        }
        return whys;
    }

    private List<Why> ask(WithGold stack, List<SetResult> sets) {
        WhyEvaluator evaluator = WhyEvaluator.withThreads(ThreadPool.threads());
        StagedAnswerer stages = staged(stack.opened().stack());
        List<Why> whys = new ArrayList<>();
        for (int i = 0; i < sets.size(); i++) {
            SetResult plain = sets.get(i);
            String name = "why " + stack.name() + ", " + plain.set();
            try (Part part = Part.begin(listener, name, "questions", 0, plain.items().size())) {
                whys.add(
                        evaluator.evaluate(
                                stages, stack.name(), plain, stack.gold().get(i), part::answered));
            }
        }
        return whys;
    }

    /** A stack for the attribution; as in the evaluation, one question per core. */
    private static StagedAnswerer staged(Stack stack) {
        List<String> names = stack.config().stages().stream().map(StageConfig::name).toList();
        return new StagedAnswerer() {
            @Override
            public List<String> stages() {
                return names;
            }

            @Override
            public Answer answer(String input, Map<String, String> given) {
                return ThreadPool.inline(() -> stack.answer(input, given, StageListener.NONE));
            }
        };
    }
}
