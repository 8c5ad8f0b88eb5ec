package dev.cairn.eval.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bundled tasks, on the files they are for. */
@Tag("long")
class BundledTasksTest {
    private static final Path DATA = Path.of("../shared/data");

    private static List<TaskItem> items(String name, int fewshot) {
        return items(name, fewshot, Integer.MAX_VALUE);
    }

    private static List<TaskItem> items(String name, int fewshot, int limit) {
        assumeTrue(Files.isDirectory(DATA), "lacks the public benchmarks: " + DATA);
        return Task.named(name).items(DATA, fewshot, limit);
    }

    private static TaskItem item(String name, int fewshot, int index) {
        return items(name, fewshot, index + 1).get(index);
    }

    private static ChoiceItem first(String name) {
        return (ChoiceItem) item(name, 0, 0);
    }

    @Test
    void everyFileIsListedAndHasItsOwnName() throws IOException {
        try (Stream<Path> files = Files.list(TaskFiles.FOLDER)) {
            assertThat(files.map(f -> f.getFileName().toString().replace(".yaml", "")))
                    .containsExactlyInAnyOrderElementsOf(Task.bundled());
        }
        for (String name : Task.bundled()) {
            assertThat(Task.named(name).name()).isEqualTo(name);
        }
        assertThat(Task.bundled()).isSorted();
    }

    @Test
    void thePageExplainsEveryKeyAndNamesEveryTask() throws IOException {
        String page = Files.readString(Path.of("docs/tasks.md"));
        Set<String> keys = new HashSet<>(Task.bundled());
        for (Class<?> type : TaskConfig.class.getDeclaredClasses()) {
            addKeys(type, keys);
        }
        addKeys(TaskConfig.class, keys);
        assertThat(keys)
                .allSatisfy(key -> assertThat(page).containsPattern("[`.]" + key + "[`.:]"));
    }

    private static void addKeys(Class<?> type, Set<String> keys) {
        if (type.isRecord()) {
            for (RecordComponent component : type.getRecordComponents()) {
                String name = component.getName().replaceAll("([A-Z])", "_$1");
                keys.add(name.toLowerCase(Locale.ROOT));
            }
        }
    }

    /** Counted with Python's json and csv. */
    @ParameterizedTest
    @CsvSource({
        "arc_challenge, 1172, 1",
        "arc_easy, 2376, 1",
        "babi, 15000, 15",
        "boolq, 3270, 1",
        "commonsense_qa, 1221, 1",
        "gsm8k, 1319, 1",
        "hellaswag, 10042, 1",
        "mmlu, 14042, 57",
        "openbookqa, 500, 1",
        "piqa, 1838, 1",
        "tinyArc, 100, 1",
        "tinyGSM8k, 100, 1",
        "tinyHellaswag, 100, 1",
        "tinyMMLU, 100, 46",
        "tinyTruthfulQA, 100, 1",
        "tinyWinogrande, 100, 1",
        "truthfulqa_mc1, 817, 1",
        "truthfulqa_mc2, 817, 1",
        "winogrande, 1267, 1"
    })
    void everyItemIsReadWithTheTasksOwnExamples(String name, int count, int kinds) {
        List<TaskItem> items = items(name, Task.named(name).defaultFewshot());
        assertThat(items).hasSize(count);
        Set<String> ids = new HashSet<>();
        Set<String> found = new HashSet<>();
        for (int i = 0; i < count; i++) {
            assertThat(items.get(i).docId()).isEqualTo(i);
            ids.add(items.get(i).id());
            found.add(items.get(i).kind());
        }
        assertThat(ids).hasSize(count);
        assertThat(found).hasSize(kinds);
    }

    @ParameterizedTest
    @CsvSource({
        "arc_challenge, 25",
        "arc_easy, 25",
        "babi, 3",
        "boolq, 3",
        "commonsense_qa, 7",
        "gsm8k, 5",
        "hellaswag, 10",
        "mmlu, 5",
        "openbookqa, 5",
        "piqa, 5",
        "winogrande, 5"
    })
    void everyTaskHasExamples(String name, int fewshot) {
        assumeTrue(Files.isDirectory(DATA), "lacks the public benchmarks: " + DATA);
        Task task = Task.named(name);
        String none = context(task.items(DATA, 0, 1).getFirst());
        String some = context(task.items(DATA, fewshot, 1).getFirst());
        assertThat(some.split("\n\n", -1).length)
                .isGreaterThanOrEqualTo(none.split("\n\n", -1).length + fewshot);
    }

    private static String context(TaskItem item) {
        return switch (item) {
            case ChoiceItem choice -> choice.candidates().getFirst().context();
            case WritingItem writing -> writing.prompt();
        };
    }

    @Test
    void mmluAsksWithTheSubjectAndLetters() {
        ChoiceItem item = first("mmlu");
        assertThat(item.kind()).isEqualTo("abstract_algebra");
        assertThat(item.candidates().getFirst().context())
                .startsWith(
                        "The following are multiple choice questions (with answers) about abstract algebra.\n\n")
                .endsWith(
                        "field extension Q(sqrt(2), sqrt(3), sqrt(18)) over Q.\nA. 0\nB. 4\nC. 2\nD. 6\nAnswer:");
        assertThat(item.candidates())
                .extracting(Candidate::continuation)
                .containsExactly(" A", " B", " C", " D");
        assertThat(item.gold()).containsExactly(1);
    }

    @Test
    void hellaswagGoesOnFromTheActivity() {
        ChoiceItem item = first("hellaswag");
        assertThat(item.candidates().getFirst().context())
                .isEqualTo("Roof shingle removal: A man is sitting on a roof. he");
        assertThat(item.candidates())
                .extracting(Candidate::continuation)
                .contains(" starts pulling up roofing on a roof.")
                .hasSize(4);
        assertThat(item.gold()).containsExactly(3);
    }

    @Test
    void piqaAndOpenbookqaAreTakenOutOfTheirInstructions() {
        ChoiceItem piqa = (ChoiceItem) item("piqa", 0, 1);
        assertThat(piqa.candidates().getFirst())
                .isEqualTo(
                        new Candidate(
                                "Question: dresser\nAnswer:",
                                " replace drawer with bobby pin ",
                                "replace drawer with bobby pin "));
        ChoiceItem openbook = (ChoiceItem) item("openbookqa", 0, 1);
        assertThat(openbook.candidates())
                .containsExactly(
                        new Candidate(
                                "There is most likely going to be fog around:",
                                " a marsh",
                                "a marsh"),
                        new Candidate(
                                "There is most likely going to be fog around:",
                                " a tundra",
                                "a tundra"),
                        new Candidate(
                                "There is most likely going to be fog around:",
                                " the plains",
                                "the plains"),
                        new Candidate(
                                "There is most likely going to be fog around:",
                                " a desert",
                                "a desert"));
        assertThat(openbook.gold()).containsExactly(0);
    }

    @Test
    void commonsenseQaAsksWithLetters() {
        ChoiceItem item = (ChoiceItem) item("commonsense_qa", 0, 1);
        assertThat(item.candidates().getFirst().context())
                .isEqualTo(
                        "Question: What do people aim to do at work?\nA. complete job\nB. learn from each other\nC. kill animals\nD. wear hats\nE. talk to each other\nAnswer:");
        assertThat(item.gold()).containsExactly(0);
    }

    @Test
    void truthfulQaAsksAfterItsPrimer() {
        for (String name : List.of("truthfulqa_mc1", "truthfulqa_mc2")) {
            ChoiceItem item = first(name);
            assertThat(item.candidates().getFirst().context())
                    .startsWith("Q: What is human life expectancy in the United States?\nA: Human ")
                    .endsWith(
                            "Barcelona, Spain.\n\nQ: What is the smallest country in the world that is at least one square mile in area?\nA:");
            assertThat(item.candidates().getFirst().choice()).startsWith("Nauru is");
            assertThat(item.gold()).containsExactly(0);
        }
        assertThat(items("truthfulqa_mc2", 0))
                .anyMatch(item -> ((ChoiceItem) item).gold().size() > 1);
    }

    @Test
    void gsm8kAsksAfterFiveSolvedOnes() {
        WritingItem item = (WritingItem) item("gsm8k", 5, 1);
        assertThat(item.prompt())
                .startsWith("Question: Natalia sold clips to 48 of her friends in April")
                .contains("and May.\n#### 72\n\nQuestion: ")
                .endsWith("How many bolts in total does it take?\nAnswer:");
        assertThat(item.gold()).singleElement().asString().endsWith("\n#### 3");
    }

    /** ARC and WinoGrande, BoolQ and bAbI are under licences that ask for more than a notice. */
    @Test
    void theOthersHaveTheirShape() {
        assertThat(first("arc_easy").candidates().getFirst().context())
                .startsWith("Question: ")
                .endsWith("?\nAnswer:");
        assertThat(first("boolq").candidates().getFirst().context())
                .contains("\nQuestion: ")
                .endsWith("?\nAnswer:");
        ChoiceItem winogrande = first("winogrande");
        assertThat(winogrande.candidates())
                .extracting(Candidate::continuation)
                .containsOnly(winogrande.candidates().getFirst().continuation());
        assertThat(winogrande.candidates()).extracting(Candidate::context).doesNotHaveDuplicates();
        WritingItem babi = (WritingItem) item("babi", 0, 0);
        assertThat(babi.prompt()).matches("(?s)Passage: (.*\\.\n)+Question: .*\\?\nAnswer:");
    }

    @Test
    void tinySetsHaveTheShotsOfTheirPaperAndSaySoLittleItems() {
        assertThat(Task.named("tinyArc").defaultFewshot()).isEqualTo(25);
        assertThat(Task.named("tinyHellaswag").defaultFewshot()).isEqualTo(10);
        assertThat(Task.named("tinyWinogrande").defaultFewshot()).isEqualTo(5);
        assertThat(Task.named("tinyGSM8k").defaultFewshot()).isEqualTo(5);
        assertThat(Task.named("tinyTruthfulQA").defaultFewshot()).isZero();
        // Where the official set stores five examples with each prompt.
        assertThat(Task.named("tinyMMLU").defaultFewshot()).isEqualTo(5);
        Task.bundled().stream()
                .filter(name -> name.startsWith("tiny"))
                .forEach(name -> assertThat(Task.named(name).note()).isPresent());
    }
}
