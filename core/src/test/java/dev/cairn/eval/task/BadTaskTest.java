package dev.cairn.eval.task;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.support.AtomicFiles;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a task or its data: one line that names file, line and item. */
class BadTaskTest {
    private static final String TASK =
            """
            task: bad
            test_file: ./items.jsonl
            output_type: multiple_choice
            doc_to_text: "Q: {{q}}"
            doc_to_choice: c
            doc_to_target: t
            metric_list:
              - metric: acc
            """;

    private static final String GOOD = "{\"q\": \"x\", \"c\": [\"a\", \"b\"], \"t\": 0}\n";

    @TempDir private Path folder;

    private AbstractThrowableAssert<?, ? extends Throwable> problem(String yaml, String items) {
        AtomicFiles.writeString(folder.resolve("items.jsonl"), items);
        AtomicFiles.writeString(folder.resolve("task.yaml"), yaml);
        return assertThatThrownBy(() ->
                        Task.load(folder.resolve("task.yaml")).items(null, 0, Integer.MAX_VALUE))
                .isInstanceOf(CairnException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"q\": \"x\", \"c\": [\"a\", \"b\"]} | doc_to_target: the record has no field 't'; it has q, c",
                "{\"c\": [\"a\", \"b\"], \"t\": 0} | doc_to_text: template, line 1: 'q' is undefined",
                "{\"q\": \"x\", \"c\": [\"a\", \"b\"], \"t\": 2} | the right answer is '2'; expected 0 to 1 or the text of a choice",
                "{\"q\": \"x\", \"c\": [\"a\", \"b\"], \"t\": -1} | the right answer is '-1'",
                "{\"q\": \"x\", \"c\": [\"a\", \"b\"], \"t\": \"z\"} | the right answer is 'z'",
                "{\"q\": \"x\", \"c\": [\"a\", \"b\"], \"t\": []} | expected at least one right choice, found none",
                "{\"q\": \"x\", \"c\": [\"a\", \" \"], \"t\": 0} | choice 2 is empty",
                "{\"q\": \"x\", \"c\": [\"a\", null], \"t\": 0} | choice 2 is empty",
                "{\"q\": \"x\", \"c\": [\"a\"], \"t\": 0} | expected two or more choices, found 1",
                "{\"q\": \"x\", \"c\": \"ab\", \"t\": 0} | doc_to_choice: expected a list of choices, found ab"
            })
    void aRecordThatDoesNotFitIsNamedByFileLineAndItem(String record, String problem) {
        problem(TASK, GOOD + "\n" + record + "\n")
                .hasMessageStartingWith(
                        folder.resolve("items.jsonl").normalize() + ":3: item items-000002: ")
                .hasMessageContaining(problem);
    }

    @Test
    void aRecordWithAnotherNumberOfChoicesThanTheTaskSays() {
        problem(
                        TASK + "num_choices: 2\n",
                        GOOD + "{\"q\": \"x\", \"c\": [\"a\", \"b\", \"c\"], \"t\": 0}\n")
                .hasMessageContaining("items.jsonl:2: item items-000002: ")
                .hasMessageEndingWith("expected 2 choices, found 3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"q\": | :2: not valid JSON: ",
                "[1] | :2: expected a JSON object, found '[1]'",
                "{\"q\": 1, \"q\": 2} | :2: not valid JSON: "
            })
    void whatIsNoRecordIsNamedByItsLine(String line, String problem) {
        problem(TASK, GOOD + line + "\n").hasMessageContaining("items.jsonl" + problem);
    }

    @Test
    void aRowWithAnotherNumberOfValuesThanTheFirst() {
        AtomicFiles.writeString(folder.resolve("rows.csv"), "q,a,b\n\"x\ny\",1,2\nz,1\n");
        problem(TASK.replace("./items.jsonl", "./rows.csv\nfile_format: csv"), "")
                .hasMessageContaining("rows.csv:4: expected 3 values (q, a, b), found 2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "doc_to_text: \"Q: {{q}}\" | doc_to_txt: x | doc_to_txt: unknown key; did you mean doc_to_text?",
                "doc_to_target: t | '' | doc_to_target: missing",
                "doc_to_choice: c | '' | doc_to_choice: missing; output_type multiple_choice needs it",
                "metric: acc | metric: f1 | metric_list[0].metric: expected acc or acc_norm or acc_bytes or mc2 or exact_match, found \"f1\"",
                "metric: acc | metric: exact_match | metric_list: expected acc, acc_norm, acc_bytes or mc2, found exact_match",
                "doc_to_text: \"Q: {{q}}\" | doc_to_text: \"Q: {{q\" | doc_to_text: template, line 1: ",
                "test_file: ./items.jsonl | test_file: items.jsonl | reads items.jsonl from the data folder; name that folder",
                "test_file: ./items.jsonl | test_file: ./nothing.jsonl | nothing.jsonl: cannot be read"
            })
    void aTaskThatCannotBeUnderstoodIsNamedByItsKey(String line, String by, String problem) {
        problem(TASK.replace(line, by), GOOD).hasMessageContaining(problem);
    }

    @Test
    void examplesNeedAFileThatHasThem() {
        AtomicFiles.writeString(folder.resolve("items.jsonl"), GOOD);
        AtomicFiles.writeString(folder.resolve("task.yaml"), TASK);
        Task task = Task.load(folder.resolve("task.yaml"));
        assertThatThrownBy(() -> task.items(null, 3, 1))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("fewshot_config: missing, but the task needs 3 examples");
    }

    @Test
    void anUnknownNameIsToldWhatThereIs() {
        assertThatThrownBy(() -> Task.named("arc"))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith("unknown task 'arc'; expected the path of a task's YAML")
                .hasMessageContaining("arc_easy");
    }
}
