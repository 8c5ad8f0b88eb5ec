package dev.cairn.eval.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cairn.CairnException;
import dev.cairn.support.AtomicFiles;
import dev.cairn.text.Score;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks of a few inline records: what is asked, and what is measured. */
class TaskTest {
    private static final String COLOURS =
            """
            task: colours
            test_file: ./items.jsonl
            output_type: multiple_choice
            doc_to_text: "Question: {{question}}\\nAnswer:"
            doc_to_choice: options
            doc_to_target: right
            metric_list:
              - metric: acc
              - metric: acc_norm
              - metric: acc_bytes
            """;

    private static final String SKY =
            """
            {"question": "What colour is the sky?", "options": ["blue", "a green"], "right": 0}
            {"question": "What colour is grass?", "options": ["blue", "green", "red"], "right": 1}
            """;

    @TempDir private Path folder;

    private Task task(String yaml, String items) {
        AtomicFiles.writeString(folder.resolve("items.jsonl"), items);
        AtomicFiles.writeString(folder.resolve("task.yaml"), yaml);
        return Task.load(folder.resolve("task.yaml"));
    }

    private static List<TaskItem> items(Task task) {
        return task.items(null, task.defaultFewshot(), Integer.MAX_VALUE);
    }

    private List<TaskItem> items(String yaml, String records) {
        return items(task(yaml, records));
    }

    private static ItemScores.Likelihoods likelihoods(double... sums) {
        return new ItemScores.Likelihoods(
                Arrays.stream(sums)
                        .mapToObj(s -> new Score(List.of(1), List.of(s), false))
                        .toList());
    }

    @Test
    void aMultipleChoiceItemHasOneContextAndACandidateForEachChoice() {
        List<TaskItem> items = items(COLOURS, SKY);
        assertThat(items).hasSize(2);
        ChoiceItem second = (ChoiceItem) items.get(1);
        assertThat(second.id()).isEqualTo("items-000002");
        assertThat(second.docId()).isEqualTo(1);
        assertThat(second.kind()).isEqualTo("colours");
        assertThat(second.gold()).containsExactly(1);
        String context = "Question: What colour is grass?\nAnswer:";
        assertThat(second.candidates())
                .containsExactly(
                        new Candidate(context, " blue", "blue"),
                        new Candidate(context, " green", "green"),
                        new Candidate(context, " red", "red"));
    }

    @Test
    void theExampleOfATaskOfOnesOwnIsRead() {
        Task task = Task.load(Path.of("examples/tasks/animals.yaml"));
        ChoiceItem last = (ChoiceItem) items(task).getLast();
        assertThat(last.candidates().getFirst().context())
                .isEqualTo(
                        """
                        Question: Which of these flies?
                        Answer: a crow

                        Question: Which of these has eight legs?
                        Answer:\
                        """);
    }

    @Test
    void accuracyIsOfTheHighestSumAndTheFirstWinsTies() {
        Task task = task(COLOURS, SKY);
        TaskItem first = items(task).getFirst();
        assertThat(task.metrics(first, likelihoods(-3, -3))).containsEntry("acc", 1.0);
        assertThat(task.metrics(first, likelihoods(-3, -2.9))).containsEntry("acc", 0.0);
        assertThat(task.metrics()).containsExactly("acc", "acc_norm", "acc_bytes");
    }

    @Test
    void accNormDividesByTheChoicesCodePointsAndAccBytesByItsBytes() {
        Task task =
                task(
                        COLOURS,
                        "{\"question\": \"?\", \"options\": [\"🐄🐄\", \"abcd\"], \"right\": 0}\n");
        TaskItem item = items(task).getFirst();
        // Two code points or eight bytes against four: -3/2 is less than -4/4, -3/8 more.
        assertThat(task.metrics(item, likelihoods(-3, -4)))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("acc", 1.0, "acc_norm", 0.0, "acc_bytes", 1.0));
    }

    @Test
    void mc2IsTheShareOfProbabilityOnRightChoices() {
        String yaml =
                """
                task: truths
                test_file: ./items.jsonl
                output_type: multiple_choice
                doc_to_text: q
                doc_to_choice: "{{truths | list}}"
                doc_to_target: "[{% for l in truths.values() %}{% if l == 1 %}{{loop.index0}},{% endif %}{% endfor %}]"
                metric_list:
                  - metric: mc2
                """;
        Task task = task(yaml, "{\"q\": \"Q\", \"truths\": {\"a\": 1, \"b\": 0, \"c\": 1}}");
        ChoiceItem item = (ChoiceItem) items(task).getFirst();
        assertThat(item.gold()).isEqualTo(Set.of(0, 2));
        double[] sums = {Math.log(0.2), Math.log(0.3), Math.log(0.1)};
        assertThat(task.metrics(item, likelihoods(sums)).get("mc2")).isCloseTo(0.5, within(1e-12));
        // Far below what a double's exponential can hold, the shares stay.
        double[] tiny = Arrays.stream(sums).map(s -> s - 5000).toArray();
        assertThat(task.metrics(item, likelihoods(tiny)).get("mc2")).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void whereTheContextVariesTheEndingIsShared() {
        String yaml =
                """
                task: blanks
                test_file: ./items.jsonl
                output_type: multiple_choice
                multiple_inputs: true
                doc_to_text: "{{(answer | int) - 1}}"
                doc_to_choice:
                  - "{{sentence.split('_', 1)[0]}}{{option1}}"
                  - "{{sentence.split('_', 1)[0]}}{{option2}}"
                doc_to_target: "{{sentence.split('_', 1)[1].strip()}}"
                num_fewshot: 1
                fewshot_config:
                  file: ./items.jsonl
                metric_list:
                  - metric: acc
                """;
        List<TaskItem> items =
                items(
                        yaml,
                        """
                        {"sentence": "The cup fell off _ and broke.", "option1": "it", "option2": "me", "answer": "2"}
                        {"sentence": "I ate _ up.", "option1": "x", "option2": "y", "answer": "1"}
                        """);
        assertThat(((ChoiceItem) items.getFirst()).candidates())
                .containsExactly(
                        new Candidate(
                                "I ate x up.\n\nThe cup fell off it",
                                " and broke.",
                                "The cup fell off it"),
                        new Candidate(
                                "I ate x up.\n\nThe cup fell off me",
                                " and broke.",
                                "The cup fell off me"));
        assertThat(((ChoiceItem) items.getFirst()).gold()).containsExactly(1);
    }

    @Test
    void examplesStandBetweenDescriptionAndQuestionAndAreNeverTheItemItself() {
        Task task =
                task(
                        COLOURS
                                + """
                                description: "About colours.\\n\\n"
                                fewshot_config:
                                  file: ./items.jsonl
                                """,
                        SKY);
        ChoiceItem first = (ChoiceItem) task.items(null, 1, 1).getFirst();
        assertThat(first.candidates().getFirst().context())
                .isEqualTo(
                        """
                        About colours.

                        Question: What colour is grass?
                        Answer: green

                        Question: What colour is the sky?
                        Answer:\
                        """);
        assertThatThrownBy(() -> task.items(null, 2, 1))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining(
                        "expected 2 examples besides the item itself, found 1; use fewer examples");
    }

    @Test
    void aWrittenAnswerIsExtractedAndComparedAsInGsm8k() {
        String yaml =
                TaskFiles.bundled("gsm8k")
                        .replaceFirst("test_file: .*", "test_file: ./items.jsonl");
        Task task = task(yaml, "{\"question\": \"1+1000?\", \"answer\": \"Sum.\\n#### 1,001\"}");
        WritingItem item = (WritingItem) task.items(null, 0, 1).getFirst();
        assertThat(item.prompt()).isEqualTo("Question: 1+1000?\nAnswer:");
        assertThat(item.until()).contains("Question:");
        String strict = "exact_match,strict-match";
        String flexible = "exact_match,flexible-extract";
        assertThat(task.metrics()).containsExactly(strict, flexible);
        assertThat(task.metrics(item, new ItemScores.Written(" 1000 + 1\n#### 1001")))
                .isEqualTo(Map.of(strict, 1.0, flexible, 1.0));
        assertThat(task.metrics(item, new ItemScores.Written(" It is $1,001.")))
                .isEqualTo(Map.of(strict, 0.0, flexible, 1.0));
        assertThat(task.metrics(item, new ItemScores.Written(" 1001, not 7")))
                .isEqualTo(Map.of(strict, 0.0, flexible, 0.0));
        assertThat(task.metrics(item, new ItemScores.Written("no idea")))
                .isEqualTo(Map.of(strict, 0.0, flexible, 0.0));
    }

    @Test
    void anAnswerMayBeOneOfSeveralAndLoseCaseAndPunctuation() {
        String yaml =
                """
                task: capitals
                test_file: ./items.jsonl
                output_type: generate_until
                doc_to_text: q
                doc_to_target: answers
                metric_list:
                  - metric: exact_match
                    ignore_case: true
                    ignore_punctuation: true
                """;
        Task task = task(yaml, "{\"q\": \"Capital?\", \"answers\": [\"Bern\", \"Berne\"]}");
        WritingItem item = (WritingItem) items(task).getFirst();
        assertThat(item.gold()).containsExactly("Bern", "Berne");
        assertThat(item.until()).containsExactly("\n\n");
        assertThat(item.maxTokens()).isEqualTo(256);
        assertThat(task.metrics(item, new ItemScores.Written("BERNE!")))
                .isEqualTo(Map.of("exact_match", 1.0));
        assertThat(task.metrics(item, new ItemScores.Written(" Berne")))
                .isEqualTo(Map.of("exact_match", 0.0));
    }

    @Test
    void filesWithAStarAreTheKindsOfATaskAndLimitedOneByOne() {
        AtomicFiles.writeString(
                folder.resolve("b_test.csv"), "q,n\n\"x, \"\"y\"\"\r\nz\",1\nw,0\n");
        AtomicFiles.writeString(folder.resolve("a_test.csv"), "q,n\r\nv,1\r\n");
        AtomicFiles.writeString(folder.resolve("a_dev.csv"), "q,n\nav,0\n");
        AtomicFiles.writeString(folder.resolve("b_dev.csv"), "q,n\nbv,0\n");
        String yaml =
                """
                task: kinds
                test_file: ./*_test.csv
                file_format: csv
                output_type: multiple_choice
                doc_to_text: "{{part}}: {{q}}"
                doc_to_choice: ["no", "yes"]
                doc_to_target: "{{n}}"
                num_fewshot: 1
                fewshot_config:
                  file: ./*_dev.csv
                  file_format: csv
                metric_list:
                  - metric: acc
                """;
        Task task = task(yaml, "");
        List<TaskItem> all = items(task);
        assertThat(all).extracting(TaskItem::kind).containsExactly("a", "b", "b");
        assertThat(all)
                .extracting(TaskItem::id)
                .containsExactly("a_test-000001", "b_test-000001", "b_test-000002");
        ChoiceItem quoted = (ChoiceItem) all.get(1);
        assertThat(quoted.candidates().getFirst().context())
                .isEqualTo("b: bv no\n\nb: x, \"y\"\r\nz");
        assertThat(task.items(null, 0, 1)).extracting(TaskItem::docId).containsExactly(0, 1);
    }

    @Test
    void aTextCanBeTakenApart() {
        String yaml =
                """
                task: apart
                test_file: ./items.jsonl
                extract:
                  field: text
                  regex_pattern: 'Q: (?<q>.*) A: (?<a>.*?)(?: B: (?<b>.*))?'
                output_type: multiple_choice
                doc_to_text: q
                doc_to_choice: "{{[a, b, 'neither'] | reject('none') | list}}"
                doc_to_target: 0
                metric_list:
                  - metric: acc
                """;
        List<TaskItem> items =
                items(
                        yaml,
                        "[{\"text\": \"Q: who A: me B: you\"},\n {\"text\": \"Q: who A: me\"}]");
        assertThat(((ChoiceItem) items.get(0)).candidates())
                .extracting(Candidate::choice)
                .containsExactly("me", "you", "neither");
        assertThat(((ChoiceItem) items.get(1)).candidates())
                .extracting(Candidate::choice)
                .containsExactly("me", "neither");
        assertThatThrownBy(() -> items(yaml, "[{\"text\": \"Q: who A: me\"},\n {\"text\": \"?\"}]"))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("items.jsonl:2: item items-000002: ")
                .hasMessageContaining("does not match extract.regex_pattern");
    }

    @Test
    void digitsOfATemplateAreAPlaceThoseOfAFieldAreAChoice() {
        String record =
                "{\"question\": \"?\", \"options\": [\"2\", \"0\", \"1\"], \"right\": \"2\"}";
        assertThat(((ChoiceItem) items(COLOURS, record).getFirst()).gold()).containsExactly(0);
        String template = COLOURS.replace("doc_to_target: right", "doc_to_target: \"{{right}}\"");
        assertThat(((ChoiceItem) items(template, record).getFirst()).gold()).containsExactly(2);
    }

    @Test
    void scoresThatDoNotFitTheItemAreRefused() {
        Task task = task(COLOURS, SKY);
        TaskItem item = items(task).getFirst();
        assertThatThrownBy(() -> task.metrics(item, likelihoods(-1)))
                .isInstanceOf(CairnException.class)
                .hasMessage("item items-000001: expected 2 scores, one for each choice, found 1");
        assertThatThrownBy(() -> task.metrics(item, likelihoods(-1, Double.NaN)))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("choice 2: expected a finite log-likelihood, found NaN");
        assertThatThrownBy(() -> task.metrics(item, new ItemScores.Written("blue")))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("expected a score for each choice, found a text");
    }

    @Test
    void theStandardErrorIsTheSampleDeviationOverTheRootOfTheCount() {
        Aggregate four = Aggregate.of(List.of(1.0, 0.0, 0.0, 1.0));
        assertThat(four.mean()).isEqualTo(0.5);
        assertThat(four.stderr()).isCloseTo(Math.sqrt(1.0 / 3) / 2, within(1e-15));
        assertThat(Aggregate.of(List.of(1.0)).stderr()).isNaN();
        // tinyBenchmarks: 100 items at a quarter right.
        List<Double> hundred =
                java.util.stream.IntStream.range(0, 100).mapToObj(i -> i < 25 ? 1.0 : 0.0).toList();
        assertThat(Aggregate.of(hundred).stderr()).isCloseTo(0.0435, within(5e-5));
    }
}
