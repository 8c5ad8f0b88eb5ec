package dev.cairn.data.distill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.data.Question;
import dev.cairn.text.Contract;
import dev.cairn.text.template.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistillerTest {
    private static final Contract FREE = new Contract(null, null, null, null, 2);

    private static final int MAX_TOKENS = 20;

    @TempDir Path folder;

    private static DistillationTask task(String stage, @Nullable String instruction) {
        return task(stage, instruction, FREE);
    }

    private static DistillationTask task(
            String stage, @Nullable String instruction, Contract contract) {
        return new DistillationTask(
                stage,
                instruction == null ? null : Template.parse(instruction, "stack.yaml: teach"),
                contract,
                MAX_TOKENS);
    }

    private static DistillationPlan plan(int samples, DistillationTask... tasks) {
        return new DistillationPlan(
                "stack.yaml", List.of(tasks), "model m", samples, t -> t.split(" ").length);
    }

    /** Two taught stages, each of which shows the one before, and the answer of the data. */
    private static DistillationPlan twoStages() {
        return plan(
                1,
                task("key", "key of {{input}}"),
                task("why", "why {{key}} is {{answer}}"),
                task("reply", null));
    }

    private static List<Question> questions(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Question("q" + i, "question", "in" + i, "out" + i, Map.of()))
                .toList();
    }

    private Path file() {
        return folder.resolve("teacher.jsonl");
    }

    /** One run from the opening of the file to its end. */
    private void run(DistillationPlan plan, ScriptedTeacher teacher, List<Question> questions) {
        run(plan, teacher, questions, 1);
    }

    private void run(
            DistillationPlan plan,
            ScriptedTeacher teacher,
            List<Question> questions,
            int concurrency) {
        try (TeacherFile file = TeacherFile.open(file())) {
            new Distiller(plan, file, teacher, 100, (done, failed, asked) -> {})
                    .run(questions, concurrency);
        }
    }

    private List<Question> taught(DistillationPlan plan, List<Question> questions) {
        return plan.taught(questions, Answers.read(file())).questions();
    }

    private Summary summary(DistillationPlan plan, List<Question> questions) {
        return Summary.of(plan, questions, Answers.read(file()));
    }

    @Test
    void eachStageIsTaughtWithTheTextsBeforeItAndTheLastIsTheAnswerOfTheData() {
        ScriptedTeacher teacher = ScriptedTeacher.shouting();
        run(twoStages(), teacher, questions(1));
        assertThat(teacher.prompts).containsExactly("key of in0", "why KEY OF IN0 is out0");
        assertThat(taught(twoStages(), questions(1)))
                .containsExactly(
                        new Question(
                                "q0",
                                "question",
                                "in0",
                                "out0",
                                Map.of(
                                        "key", "KEY OF IN0",
                                        "why", "WHY KEY OF IN0 IS OUT0",
                                        "reply", "out0")));
    }

    @Test
    void whatTheDataHaveIsNotAskedFor() {
        List<Question> questions =
                List.of(new Question("q", "question", "in", "out", Map.of("key", "gold")));
        ScriptedTeacher teacher = ScriptedTeacher.shouting();
        run(twoStages(), teacher, questions);
        assertThat(teacher.prompts).containsExactly("why gold is out");
    }

    @Test
    void theLastStageIsTaughtWhereTheStackSaysSo() {
        DistillationPlan plan = plan(1, task("reply", "say {{answer}} nicely"));
        run(plan, ScriptedTeacher.shouting(), questions(1));
        assertThat(taught(plan, questions(1)).getFirst().stages())
                .containsEntry("reply", "SAY OUT0 NICELY");
        assertThat(taught(plan, questions(1)).getFirst().answer()).isEqualTo("SAY OUT0 NICELY");
    }

    @Test
    void aStageWithNeitherTextNorTeacherIsAnErrorBeforeAnythingIsAsked() {
        DistillationPlan plan =
                plan(1, task("key", "k {{input}}"), task("why", null), task("r", null));
        ScriptedTeacher teacher = ScriptedTeacher.shouting();
        List<Question> questions =
                List.of(
                        questions(1).getFirst(),
                        new Question("q9", "question", "in", "out", Map.of("key", "k")));
        assertThatThrownBy(() -> run(plan, teacher, questions.subList(1, 2)))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("stack.yaml: stage why: question q9 has no text for it");
        assertThat(teacher.prompts).isEmpty();
    }

    @Test
    void nothingIsAskedTwice() {
        run(twoStages(), ScriptedTeacher.shouting(), questions(4));
        ScriptedTeacher second = ScriptedTeacher.shouting();
        run(twoStages(), second, questions(5));
        assertThat(second.prompts).containsExactly("key of in4", "why KEY OF IN4 is out4");
    }

    @Test
    void aChangedInstructionAsksThatStageAndThoseAfterItAgain() {
        run(twoStages(), ScriptedTeacher.shouting(), questions(1));
        DistillationPlan changed =
                plan(
                        1,
                        task("key", "key of {{input}}"),
                        task("why", "say why {{key}} is {{answer}}"),
                        task("reply", null));
        ScriptedTeacher second = ScriptedTeacher.shouting();
        run(changed, second, questions(1));
        assertThat(second.prompts).containsExactly("say why KEY OF IN0 is out0");
        DistillationPlan first =
                plan(
                        1,
                        task("key", "a key of {{input}}"),
                        task("why", "say why {{key}} is {{answer}}"),
                        task("reply", null));
        ScriptedTeacher third = ScriptedTeacher.shouting();
        run(first, third, questions(1));
        assertThat(third.prompts).hasSize(2);
    }

    @Test
    void anotherTeacherIsAskedAnew() {
        run(twoStages(), ScriptedTeacher.shouting(), questions(1));
        DistillationPlan other =
                new DistillationPlan("stack.yaml", twoStages().tasks(), "model n", 1, t -> 1);
        ScriptedTeacher second = ScriptedTeacher.shouting();
        run(other, second, questions(1));
        assertThat(second.prompts).hasSize(2);
    }

    @Test
    void afterAFailureTheNextRunAsksAgainAndNoFailureIsTakenForAnAnswer() {
        ScriptedTeacher ill =
                new ScriptedTeacher((prompt, seed) -> {
                    if (prompt.contains("in1")) {
                        throw new CairnException("it broke");
                    }
                    return "fine";
                });
        run(twoStages(), ill, questions(3));
        Summary summary = summary(twoStages(), questions(3));
        assertThat(summary.complete()).isEqualTo(2);
        assertThat(summary.missing()).isOne();
        assertThat(summary.stages().getFirst().failed()).containsExactly(Map.entry("it broke", 1));
        assertThat(taught(twoStages(), questions(3)))
                .extracting(Question::id)
                .containsExactly("q0", "q2");

        ScriptedTeacher well = new ScriptedTeacher((prompt, seed) -> "fine");
        run(twoStages(), well, questions(3));
        assertThat(well.prompts).containsExactly("key of in1", "why fine is out1");
        assertThat(taught(twoStages(), questions(3))).hasSize(3);
    }

    @Test
    void tenFailuresInARowEndTheRunAndKeepWhatWasAnswered() {
        run(twoStages(), ScriptedTeacher.shouting(), questions(2));
        assertThatThrownBy(() -> run(twoStages(), ScriptedTeacher.absent(), questions(100), 4))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("failed 10 times in a row")
                .hasMessageContaining("cannot connect");
        assertThat(taught(twoStages(), questions(100))).hasSize(2);
        run(twoStages(), ScriptedTeacher.shouting(), questions(100), 4);
        assertThat(taught(twoStages(), questions(100))).hasSize(100);
    }

    @Test
    void questionsThatAlwaysFailDoNotKeepTheOthersFromTheirTexts() {
        List<Question> questions = questions(25);
        ScriptedTeacher picky =
                new ScriptedTeacher((prompt, seed) -> {
                    if (prompt.matches("key of in1?\\d")) { // the first twenty
                        throw new CairnException("does not accept the request");
                    }
                    return "fine";
                });
        for (int run = 0; run < 3; run++) {
            assertThatThrownBy(() -> run(twoStages(), picky, questions))
                    .hasMessageContaining("failed 10 times in a row");
        }
        assertThat(taught(twoStages(), questions)).hasSize(5);
    }

    @Test
    void aTextThatBreaksTheContractIsAskedForAgainWithAnotherSeed() {
        Contract short1 = new Contract(1, null, null, null, 2);
        DistillationPlan plan =
                plan(1, task("key", "key of {{input}}", short1), task("reply", null));
        ScriptedTeacher teacher =
                new ScriptedTeacher((prompt, seed) -> seed < 102 ? "far too long" : "good");
        run(plan, teacher, questions(1));
        assertThat(teacher.seeds).containsExactly(100L, 101L, 102L);
        Summary.Stage stage = summary(plan, questions(1)).stages().getFirst();
        assertThat(stage.asked()).isEqualTo(3);
        assertThat(stage.kept()).isOne();
        assertThat(stage.rejected()).containsExactly(Map.entry("more than 1 tokens", 2));
        assertThat(stage.inputTokens()).isEqualTo(30);
        assertThat(stage.outputTokens()).isEqualTo(9);
        assertThat(taught(plan, questions(1)).getFirst().stages()).containsEntry("key", "good");
    }

    @Test
    void whatBreaksItTooOftenIsSetAsideForGood() {
        Contract yesNo = new Contract(null, null, List.of("yes", "no"), null, 1);
        DistillationPlan plan =
                plan(
                        1,
                        task("key", "key of {{input}}", yesNo),
                        task("why", "why {{key}}"),
                        task("reply", null));
        ScriptedTeacher teacher = new ScriptedTeacher((prompt, seed) -> "perhaps");
        run(plan, teacher, questions(1));
        assertThat(teacher.prompts).hasSize(2);
        Summary summary = summary(plan, questions(1));
        assertThat(summary.setAside())
                .containsExactly(Map.entry("key: every text of the teacher was rejected", 1));
        assertThat(summary.stages().getLast().asked()).isZero();
        ScriptedTeacher again = new ScriptedTeacher((prompt, seed) -> "yes");
        run(plan, again, questions(1));
        assertThat(again.prompts).isEmpty();
    }

    @Test
    void whatHasNoRoomIsSetAsideBeforeAnythingIsAskedOrRejectedAfterwards() {
        String endless = "word ".repeat(MAX_TOKENS + 1).strip();
        List<Question> questions =
                List.of(
                        new Question("long", "question", "in", endless, Map.of()),
                        new Question("short", "question", "in", "out", Map.of()));
        ScriptedTeacher teacher =
                new ScriptedTeacher((prompt, seed) -> seed == 100 ? endless : "short");
        DistillationPlan plan = plan(1, task("key", "key of {{input}}"), task("reply", null));
        run(plan, teacher, questions);
        Summary summary = summary(plan, questions);
        assertThat(teacher.prompts).hasSize(2);
        assertThat(summary.stages().getFirst().rejected())
                .containsExactly(Map.entry("more tokens than fit into sequence_len", 1));
        assertThat(summary.setAside())
                .containsExactly(
                        Map.entry(
                                "reply: a text in the data has more than the 20 tokens that fit into sequence_len",
                                1));
        assertThat(taught(plan, questions)).extracting(Question::id).containsExactly("short");
    }

    @Test
    void aLaxerContractTakesBackWhatWasSetAsideWithoutAsking() {
        DistillationPlan strict =
                plan(
                        1,
                        task("key", "k {{input}}", new Contract(1, null, null, null, 0)),
                        task("reply", null));
        run(strict, new ScriptedTeacher((prompt, seed) -> "two words"), questions(1));
        DistillationPlan lax =
                plan(
                        1,
                        task("key", "k {{input}}", new Contract(2, null, null, null, 0)),
                        task("reply", null));
        assertThat(taught(strict, questions(1))).isEmpty();
        assertThat(taught(lax, questions(1))).hasSize(1);
    }

    @Test
    void nothingNonsenseHtmlAndEndlessTextsAreRejectedAndCounted() {
        List<String> texts =
                List.of(
                        " \n ",
                        "<!DOCTYPE html><html><body>502</body></html>",
                        "x".repeat(200_000),
                        "half \uD83D of a character",
                        "it ends in the mid…",
                        "good");
        DistillationPlan plan =
                plan(
                        1,
                        task("key", "k {{input}}", new Contract(null, null, null, null, 5)),
                        task("reply", null));
        run(
                plan,
                new ScriptedTeacher((prompt, seed) -> texts.get((int) (seed - 100))),
                questions(1));
        Summary summary = summary(plan, questions(1));
        assertThat(summary.stages().getFirst().rejected())
                .containsOnly(
                        Map.entry("empty", 1),
                        Map.entry("an HTML page", 1),
                        Map.entry("more than 32768 characters", 1),
                        Map.entry("broken characters", 1),
                        Map.entry("cut off at the teacher's max_tokens", 1));
        assertThat(summary.complete()).isOne();
        assertThat(file())
                .isRegularFile()
                .satisfies(f -> assertThat(Files.size(f)).isLessThan(40_000));
    }

    @Test
    void everySampleHasItsOwnTexts() {
        DistillationPlan plan = plan(3, task("key", "k {{input}}"), task("reply", null));
        ScriptedTeacher teacher = new ScriptedTeacher((prompt, seed) -> "seed " + seed);
        run(plan, teacher, questions(1));
        assertThat(taught(plan, questions(1)))
                .extracting(Question::id, q -> q.stages().get("key"))
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("q0", "seed 100"),
                        org.assertj.core.groups.Tuple.tuple("q0#1", "seed 1100"),
                        org.assertj.core.groups.Tuple.tuple("q0#2", "seed 2100"));
    }

    @Test
    void manyAtATimeAskEachThingOnce() {
        ScriptedTeacher teacher = ScriptedTeacher.shouting();
        run(twoStages(), teacher, questions(200), 16);
        assertThat(teacher.prompts).hasSize(400);
        assertThat(new HashSet<>(teacher.prompts)).hasSize(400);
        assertThat(taught(twoStages(), questions(200))).hasSize(200);
    }

    @Test
    void aLineThatWasNotWrittenToItsEndIsDroppedAndAskedAgain() throws IOException {
        run(twoStages(), ScriptedTeacher.shouting(), questions(2));
        String whole = Files.readString(file());
        List<Integer> lengths = new ArrayList<>();
        for (int cut = whole.length() - 1; cut > 0; cut -= 97) {
            Files.writeString(file(), whole.substring(0, cut));
            int lines = (int) whole.substring(0, cut).chars().filter(c -> c == '\n').count();
            ScriptedTeacher second = ScriptedTeacher.shouting();
            run(twoStages(), second, questions(2));
            assertThat(second.prompts).hasSize(4 - lines);
            assertThat(taught(twoStages(), questions(2))).hasSize(2);
            lengths.add(lines);
        }
        assertThat(lengths).contains(0, 1, 2, 3);
    }

    @Test
    void aReaderTakesWhatIsWholeWhileTheLastLineIsBeingWritten() throws IOException {
        run(twoStages(), ScriptedTeacher.shouting(), questions(1));
        Files.writeString(file(), "{\"key\": \"ab", StandardOpenOption.APPEND);
        assertThat(taught(twoStages(), questions(1))).hasSize(1);
        try (TeacherFile file = TeacherFile.open(file())) {
            assertThat(file.wasHalf()).isTrue();
        }
        assertThat(Files.readString(file())).endsWith("}\n").doesNotContain("\"ab");
    }

    @Test
    void aDamagedLineIsNamed() throws IOException {
        run(twoStages(), ScriptedTeacher.shouting(), questions(1));
        List<String> lines = Files.readAllLines(file());
        Files.write(file(), List.of(lines.get(0), "{\"key\": 1}", lines.get(1)));
        assertThatThrownBy(() -> TeacherFile.open(file()))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("teacher.jsonl:2: not a line that cairn distill wrote")
                .hasMessageContaining("delete the line");
    }

    @Test
    void twoCannotWriteToOneFile() {
        try (TeacherFile first = TeacherFile.open(file())) {
            assertThat(first.wasHalf()).isFalse();
            assertThatThrownBy(() -> TeacherFile.open(file()))
                    .isInstanceOf(CairnException.class)
                    .hasMessageContaining("another process is writing to it");
        }
        TeacherFile.open(file()).close();
    }

    @Test
    void aPreviewCountsWhatIsMissingAndShowsPrompts() {
        run(twoStages(), ScriptedTeacher.shouting(), questions(1));
        Preview preview = Preview.of(twoStages(), questions(5), Answers.read(file()), 2, 50);
        assertThat(preview.requests()).isEqualTo(8);
        assertThat(preview.outputTokens()).isEqualTo(400);
        assertThat(preview.inputTokens()).isEqualTo(4 * 3 + 4 * 4);
        assertThat(preview.prompts())
                .containsExactly(
                        new Preview.Prompt("q1", "key", "key of in1"),
                        new Preview.Prompt("q1", "why", "why <key> is out1"));
    }
}
