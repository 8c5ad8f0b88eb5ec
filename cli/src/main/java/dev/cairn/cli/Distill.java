package dev.cairn.cli;

import dev.cairn.recipe.HubModelFinder;
import dev.cairn.recipe.distillation.DistillationPlans;
import dev.cairn.recipe.distillation.DistillationReport;
import dev.cairn.recipe.distillation.StackQuestions;
import dev.cairn.recipe.distillation.Teacher;
import dev.cairn.CairnException;
import dev.cairn.data.Question;
import dev.cairn.data.distill.Answers;
import dev.cairn.data.distill.Curriculum;
import dev.cairn.data.distill.Distiller;
import dev.cairn.data.distill.Preview;
import dev.cairn.data.distill.Summary;
import dev.cairn.data.distill.TeacherFile;
import dev.cairn.stack.StackConfig;
import dev.cairn.text.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code cairn distill}: a teacher writes the stages' texts that the data do not have. */
@Command(
        name = "distill",
        description =
                "Lets a teacher write the texts of the stages that have no gold text; what it answered is never asked again.")
final class Distill implements Callable<Integer> {
    private static final int SHOWN = 3;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "STACK.yaml", description = "The stack.")
    private Path file = Path.of("");

    @Option(
            names = "--dry-run",
            description = "Ask nothing: show the prompts of three questions and an estimate.")
    private boolean dryRun;

    @Option(names = "--limit", paramLabel = "N", description = "Only the first N questions.")
    private int limit = Integer.MAX_VALUE;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        if (limit < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--limit: expected at least 1, found " + limit);
        }
        StackConfig stack = StackConfig.load(file, HubModelFinder.ofThisMachine());
        Curriculum curriculum = DistillationPlans.of(stack, Tokenizer.load(stack.baseModel()));
        if (!curriculum.hasTeacher()) {
            throw new CairnException(
                    file
                            + ": stages: none has a teach, so there is nothing to ask a teacher; see examples/README.md");
        }
        List<Question> all = StackQuestions.toTrainOn(stack);
        List<Question> questions = all.subList(0, Math.min(limit, all.size()));
        return dryRun ? preview(stack, curriculum, questions) : ask(stack, curriculum, questions);
    }

    private int preview(StackConfig stack, Curriculum curriculum, List<Question> questions) {
        Preview preview =
                Preview.of(
                        curriculum,
                        questions,
                        Answers.read(stack.teacherFile()),
                        SHOWN,
                        stack.teacher().maxTokens());
        DistillationReport report = new DistillationReport(stack.teacher().price());
        System.out.print(json ? report.json(preview) : report.text(preview));
        return ExitCode.OK;
    }

    private int ask(StackConfig stack, Curriculum curriculum, List<Question> questions) {
        try (TeacherFile answers = TeacherFile.open(stack.teacherFile());
                Teacher teacher = Teacher.open(stack, HubModelFinder.ofThisMachine())) {
            if (answers.wasHalf()) {
                System.err.printf(
                        "%s: the last line was not written to its end and is dropped%n",
                        stack.teacherFile());
            }
            try (DistillBar bar = new DistillBar(questions.size() * stack.teacher().samples())) {
                new Distiller(curriculum, answers, teacher.asking(), stack.teacher().seed(), bar)
                        .run(questions, teacher.concurrency());
            } catch (CairnException e) {
                // What was paid for is told even when the run ends badly.
                report(stack, Summary.of(curriculum, questions, answers.answers()));
                throw e;
            }
            Summary summary = Summary.of(curriculum, questions, answers.answers());
            report(stack, summary);
            requireAll(stack, summary);
            return ExitCode.OK;
        }
    }

    private void report(StackConfig stack, Summary summary) {
        DistillationReport report = new DistillationReport(stack.teacher().price());
        System.out.print(json ? report.json(summary) : report.text(summary));
    }

    private static void requireAll(StackConfig stack, Summary summary) {
        if (summary.missing() > 0) {
            throw new CairnException(
                    "%s: %d of %d questions still wait for a text, because the teacher failed (%s); run again to ask for them"
                            .formatted(
                                    stack.teacherFile(),
                                    summary.missing(),
                                    summary.chains(),
                                    summary.commonestFailure()));
        }
        if (summary.complete() == 0) {
            throw new CairnException(
                    stack.teacherFile()
                            + ": no question has a text at every stage, all were set aside; look at the table and the file, then change teach, contract or sequence_len");
        }
    }
}
