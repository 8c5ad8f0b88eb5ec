package dev.cairn.stack.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The YAML files that are shipped, and the page that explains their keys. */
class ExamplesTest {
    private static final Path EXAMPLES = Path.of("examples");

    /** Of stacks; those of benchmarks are in a folder of their own. */
    static List<Path> yamls() throws IOException {
        try (Stream<Path> files = Files.walk(EXAMPLES)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !file.startsWith(EXAMPLES.resolve("tasks")))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void thereAreExamples() throws IOException {
        assertThat(yamls())
                .contains(
                        EXAMPLES.resolve("stories/stack.yaml"),
                        EXAMPLES.resolve("babi/stack.yaml"));
    }

    @ParameterizedTest
    @MethodSource("yamls")
    void everyExampleIsReadAndItsBaseIsShippedOrOnTheHub(Path file) {
        StackConfig stack = StackConfig.load(file, ModelFinder.PATHS);
        assertThat(stack.description()).isNotBlank();
        if (!stack.baseModel().endsWith("EleutherAI/pythia-160m")) {
            assertThat(stack.baseModel().resolve("config.json")).exists();
        }
    }

    @Test
    void theComparedSystemsLearnFromTheSameQuestionsWithAsManyParameters() {
        StackConfig stack = load("stack");
        int ranks =
                stack.stages().stream().mapToInt(stage -> stage.training().lora().loraR()).sum();
        for (String other : List.of("direct", "chain")) {
            StackConfig single = load(other);
            assertThat(single.data()).isEqualTo(stack.data());
            assertThat(single.baseModel()).isEqualTo(stack.baseModel());
            assertThat(single.stages()).hasSize(1);
            assertThat(single.stages().getFirst().training().lora().loraR()).isEqualTo(ranks);
        }
        assertThat(load("base").baseModel()).isEqualTo(stack.baseModel());
    }

    @Test
    void thePageExplainsEveryKey() throws IOException {
        String page = Files.readString(EXAMPLES.resolve("README.md"));
        Stream.of(TrainingConfig.DEFAULTS, DecodingConfig.DEFAULTS, TeacherConfig.DEFAULTS)
                .flatMap(defaults -> defaults.propertyNames().stream())
                .forEach(key -> assertThat(page).contains("`" + key + "`"));
    }

    private static StackConfig load(String name) {
        return StackConfig.load(
                EXAMPLES.resolve("stories").resolve(name + ".yaml"), ModelFinder.PATHS);
    }
}
