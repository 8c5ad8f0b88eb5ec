package dev.cairn.recipe.evaluation;

import dev.cairn.CairnException;
import dev.cairn.data.Question;
import dev.cairn.data.distill.Answers;
import dev.cairn.data.distill.DistillationPlan;
import dev.cairn.eval.why.GoldTexts;
import dev.cairn.recipe.parts.DistillationPlans;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.config.StageConfig;
import dev.cairn.text.tokenizer.Tokenizer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Collects the gold texts of a stack's stages from the data, or else from its teacher. */
final class GoldStageTexts {
    private GoldStageTexts() {}

    /**
     * The texts of every stage but the last, whose text is the answer.
     *
     * @throws CairnException if a text is missing; the message names the first such question and
     *     the stage
     */
    static GoldTexts of(StackConfig stack, AskedQuestions asked) {
        Map<String, Map<String, String>> texts = texts(stack, asked.questions());
        asked.questions()
                .forEach(question ->
                        require(
                                stack,
                                asked,
                                question.id(),
                                texts.getOrDefault(question.id(), Map.of())));
        return new GoldTexts(texts);
    }

    /** Texts by question id; the teacher's texts are read only if the data lack some. */
    private static Map<String, Map<String, String>> texts(
            StackConfig stack, List<Question> questions) {
        Map<String, Map<String, String>> ofData =
                questions.stream().collect(Collectors.toMap(Question::id, Question::stages));
        if (ofData.values().stream().allMatch(texts -> missing(stack, texts).isEmpty())) {
            return ofData;
        }
        DistillationPlan plan = DistillationPlans.of(stack, Tokenizer.load(stack.baseModel()));
        Answers answers = Answers.read(stack.teacherFile());
        return plan.hasTeacher()
                ? questions.stream()
                        .collect(Collectors.toMap(Question::id, q -> plan.texts(q, answers)))
                : ofData;
    }

    private static void require(
            StackConfig stack, AskedQuestions asked, String id, Map<String, String> texts) {
        missing(stack, texts)
                .ifPresent(stage -> {
                    throw new CairnException(
                            "%s: question %s has no gold text for stage %s, which is needed to attribute errors; add it under \"stages\", or let a teacher write it with: cairn distill %s"
                                    .formatted(asked.path(), id, stage, stack.file()));
                });
    }

    /** The first stage without a text; the last stage needs none. */
    private static Optional<String> missing(StackConfig stack, Map<String, String> texts) {
        return stack.stages().stream()
                .limit(stack.stages().size() - 1L)
                .map(StageConfig::name)
                .filter(stage -> !texts.containsKey(stage))
                .findFirst();
    }
}
