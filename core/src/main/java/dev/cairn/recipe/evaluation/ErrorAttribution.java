package dev.cairn.recipe.evaluation;

import dev.cairn.cli.EvalBar;
import dev.cairn.recipe.distillation.StackQuestions;
import dev.cairn.CairnException;
import dev.cairn.eval.Evaluator;
import dev.cairn.eval.GoldTexts;
import dev.cairn.eval.SetResult;
import dev.cairn.eval.SystemRun;
import dev.cairn.eval.Why;
import dev.cairn.stack.Stack;
import dev.cairn.stack.StageConfig;
import dev.cairn.tensor.ThreadPool;
import dev.cairn.text.Answer;
import dev.cairn.text.StagedAnswerer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Stacks that are to be asked why they are right or wrong, once it is known what they answer. */
final class ErrorAttribution {
    /**
     * A stack and its gold texts.
     *
     * @param gold one per question set, in order
     */
    private record Asking(Stack stack, List<GoldTexts> gold) {
        String name() {
            return stack.config().name();
        }
    }

    private final List<Asking> all;

    private ErrorAttribution(List<Asking> all) {
        this.all = all;
    }

    /** Nobody is asked why. */
    static ErrorAttribution none() {
        return new ErrorAttribution(List.of());
    }

    /**
     * Every stack of several stages is to be asked.
     *
     * @throws CairnException when a question has no gold text for a stage, or no stack has several
     */
    static ErrorAttribution of(List<Stack> stacks, List<StackQuestions.Asked> sets) {
        List<Stack> several =
                stacks.stream().filter(stack -> stack.config().stages().size() > 1).toList();
        if (several.isEmpty()) {
            throw new CairnException(
                    "--why: expected a stack of two or more stages, found only one stage; there is no other that could be to blame");
        }
        return new ErrorAttribution(
                several.stream()
                        .map(stack ->
                                new Asking(
                                        stack,
                                        sets.stream()
                                                .map(set -> GoldStageTexts.of(stack.config(), set))
                                                .toList()))
                        .toList());
    }

    /** Asks, where {@code runs} are the plain answers of all stacks. */
    List<Why> ask(List<SystemRun> runs) {
        List<Why> whys = new ArrayList<>();
        for (Asking asking : all) {
            for (SystemRun run : runs) {
                if (run.system().name().equals(asking.name())) {
                    whys.addAll(ask(asking, run.sets()));
                }
            }
        }
        return whys;
    }

    private static List<Why> ask(Asking asking, List<SetResult> sets) {
        Evaluator evaluator = Evaluator.withThreads(ThreadPool.threads());
        StagedAnswerer stages = staged(asking.stack());
        List<Why> whys = new ArrayList<>();
        for (int i = 0; i < sets.size(); i++) {
            SetResult plain = sets.get(i);
            try (EvalBar bar =
                    new EvalBar("why " + asking.name(), plain.set(), plain.items().size())) {
                whys.add(evaluator.why(stages, asking.name(), plain, asking.gold().get(i), bar));
            }
        }
        return whys;
    }

    /** A stack as the evaluation sees it; as there, one question per core. */
    private static StagedAnswerer staged(Stack stack) {
        List<String> names = stack.config().stages().stream().map(StageConfig::name).toList();
        return new StagedAnswerer() {
            @Override
            public List<String> stages() {
                return names;
            }

            @Override
            public Answer answer(String input, Map<String, String> given) {
                return ThreadPool.inline(() -> stack.answer(input, given, new Stack.Observer() {}));
            }
        };
    }
}
