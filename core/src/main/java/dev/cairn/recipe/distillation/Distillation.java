package dev.cairn.recipe.distillation;

import dev.cairn.CairnException;
import dev.cairn.data.Question;
import dev.cairn.data.distill.Answers;
import dev.cairn.data.distill.DistillationPlan;
import dev.cairn.data.distill.Distiller;
import dev.cairn.data.distill.Preview;
import dev.cairn.data.distill.Summary;
import dev.cairn.data.distill.TeacherFile;
import dev.cairn.recipe.HubModelFinder;
import dev.cairn.recipe.RecipeEvent;
import dev.cairn.recipe.RecipeListener;
import dev.cairn.recipe.parts.DistillationPlans;
import dev.cairn.recipe.parts.Part;
import dev.cairn.recipe.parts.StackQuestions;
import dev.cairn.stack.config.ModelFinder;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.text.tokenizer.Tokenizer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A distillation: a stack's teacher writes the texts that the data lack into a file, from which the
 * stack is then trained. Answered requests are never repeated.
 */
public final class Distillation {
    private static final String NAME = "distill";
    private static final int PREVIEWED_QUESTIONS = 3;

    private final StackConfig stack;
    private int limit = Integer.MAX_VALUE;
    private ModelFinder finder = HubModelFinder.ofThisMachine();
    private RecipeListener listener = RecipeListener.NONE;

    private Distillation(StackConfig stack) {
        this.stack = stack;
    }

    /** The distillation that a stack's configuration describes. */
    public static Distillation of(StackConfig stack) {
        return new Distillation(stack);
    }

    /** Limits the distillation to the first questions. */
    public Distillation limit(int questions) {
        limit = questions;
        return this;
    }

    /** Sets how a teacher on this machine is found; by default by path or in the hub's cache. */
    public Distillation models(ModelFinder other) {
        finder = other;
        return this;
    }

    /** Sets the listener for events. */
    public Distillation listener(RecipeListener other) {
        listener = other;
        return this;
    }

    /**
     * Returns the prompts of three questions and an estimate of the total cost, without any
     * request.
     *
     * @throws CairnException as {@link #run}
     */
    public DistillationPreview preview() {
        DistillationPlan plan = plan();
        Preview preview =
                Preview.of(
                        plan,
                        questions(),
                        Answers.read(stack.teacherFile()),
                        PREVIEWED_QUESTIONS,
                        stack.teacher().maxTokens());
        return new DistillationPreview(preview, stack.teacher().price());
    }

    /**
     * Runs until every question has a text at every stage, was set aside, or failed; the next run
     * retries failures. Ten consecutive failures end the run; see {@link
     * DistillationResult#requireComplete}.
     *
     * @throws CairnException if no stage has a {@code teach}, the data cannot be read, or the
     *     teacher cannot be opened
     */
    public DistillationResult run() {
        DistillationPlan plan = plan();
        List<Question> questions = questions();
        try (TeacherFile answers = TeacherFile.open(stack.teacherFile());
                Teacher teacher = Teacher.open(stack, finder)) {
            if (answers.wasHalf()) {
                listener.on(
                        new RecipeEvent.Notice(
                                stack.teacherFile()
                                        + ": the last line is incomplete and is dropped"));
            }
            CairnException failure = ask(plan, questions, answers, teacher);
            return new DistillationResult(
                    Summary.of(plan, questions, answers.answers()),
                    stack.teacher().price(),
                    stack.teacherFile(),
                    failure);
        }
    }

    /** Asks the teacher. Returns the error that ended the run early, or null. */
    private @Nullable CairnException ask(
            DistillationPlan plan, List<Question> questions, TeacherFile answers, Teacher teacher) {
        int total = questions.size() * stack.teacher().samples();
        try (Part part = Part.begin(listener, NAME, "texts", 0, total)) {
            new Distiller(
                            plan,
                            answers,
                            teacher.asking(),
                            stack.teacher().seed(),
                            (done, failed, asked) ->
                                    listener.on(
                                            new RecipeEvent.TeacherAsked(
                                                    part.name(), done, total, failed, asked)))
                    .run(questions, teacher.concurrency());
            return null;
        } catch (CairnException e) {
            return e;
        }
    }

    private DistillationPlan plan() {
        DistillationPlan plan = DistillationPlans.of(stack, Tokenizer.load(stack.baseModel()));
        if (!plan.hasTeacher()) {
            throw new CairnException(
                    stack.file()
                            + ": stages: no stage has a teach, so there is nothing to ask a teacher; see examples/README.md");
        }
        return plan;
    }

    private List<Question> questions() {
        List<Question> all = StackQuestions.toTrainOn(stack, listener);
        return all.subList(0, Math.min(limit, all.size()));
    }
}
