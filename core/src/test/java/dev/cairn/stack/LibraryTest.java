package dev.cairn.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.JavaExample;
import dev.cairn.stack.config.StackConfig;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java of README.md: it compiles against Cairn and does what is said of it. */
class LibraryTest {
    private static final String SHIPPED = "examples/stories/stack.yaml";

    @TempDir private Path folder;

    @Test
    void theLinesOfTheReadmeAnswerStreamAndTrace() throws Exception {
        TinyBases.chains(folder.resolve("base"), "#cat", "@dog");
        StackConfig config =
                Stacks.ofStages(
                        folder,
                        """
                        - {name: facts, prompt: "{{input}}#", adapter: none}
                        - {name: answer, prompt: "{{facts}}@", adapter: none}
                        """);
        String source = JavaExample.first(Path.of("README.md"));
        assertThat(source.lines()).hasSize(5);
        assertThat(source).contains(SHIPPED);
        String printed =
                JavaExample.run(
                        folder,
                        List.of(
                                "dev.cairn.stack.*",
                                "dev.cairn.stack.config.*",
                                "dev.cairn.text.*"),
                        source.replace(SHIPPED, config.file().toString()));
        assertThat(printed.lines())
                .containsExactly(
                        "dog", "facts said: cat", "answer said: dog", "per token: 100.0 %");
    }
}
