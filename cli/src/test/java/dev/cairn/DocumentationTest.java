package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every path, class and make target that the documents name exists. */
class DocumentationTest {
    private static final Path ROOT = Path.of("");

    /**
     * Names the documents use that are not the project's: formats of others, Java's own classes.
     */
    private static final Set<String> OUTSIDE =
            Set.of(
                    "config.json",
                    "generation_config.json",
                    "tokenizer.json",
                    "tokenizer_config.json",
                    "model.safetensors",
                    "model.safetensors.index.json",
                    "adapter_config.json",
                    "adapter_model.safetensors",
                    "report.html",
                    "teacher.jsonl",
                    "corrections.jsonl",
                    "CancellationException",
                    "Optional",
                    "Path",
                    "Runnable",
                    "Vector");

    @TempDir Path project;

    @Test
    void everythingTheDocumentsNameExists() throws IOException {
        DocumentChecker checker = new DocumentChecker(ROOT, OUTSIDE);
        List<String> wrong = new ArrayList<>();
        for (Path document : documents()) {
            wrong.addAll(checker.check(document));
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void aMissingPathClassMemberTargetOrPackageIsNoticed() throws IOException {
        assertThat(
                        wrongIn(
                                """
                                [here](src/Gone.md), [there](core/src/main/java/dev/cairn/Here.java#x)
                                `src/gone/`, `gone.yaml`, `Gone`, `Here.gone()`, `make gone`,
                                `./src/gone --flag`, dev.cairn.gone.Gone, dev.cairn.gone
                                ```
                                ./gone.sh core/gone.txt --data=core/gone.json
                                make lost
                                ```
                                """))
                .containsExactlyInAnyOrder(
                        "link to missing src/Gone.md",
                        "missing path src/gone/",
                        "missing path gone.yaml",
                        "missing class Gone",
                        "missing member Here.gone",
                        "missing make target gone",
                        "missing path ./src/gone",
                        "missing class or package dev.cairn.gone.Gone",
                        "missing class or package dev.cairn.gone",
                        "missing path ./gone.sh",
                        "missing path core/gone.txt",
                        "missing path core/gone.json",
                        "missing make target lost");
    }

    @Test
    void whatExistsAndWhatIsNotThisProjectsIsLeftAlone() throws IOException {
        assertThat(
                        wrongIn(
                                """
                                [web](https://example.org/a), [part](#part), `https://example.org/a`
                                [file](core/src/main/java/dev/cairn/Here.java), `Here.java`, `Here`,
                                `Here#there`, `Here.there()`, dev.cairn.Here, dev.cairn.Here.there,
                                `core/src/main/`, `make all`, `STACK.yaml`, `DIR/adapter.json`, `out/a`,
                                `/absolute/path`, `src/*.java`, `<dir>/a.json`, `known.json`, `Known`
                                `hiddenSize`, `--flag`, `LORA`
                                ```
                                ./cairn run out/x.yaml DIR/ and/or core/src/main ../elsewhere/y
                                make all
                                ```
                                """))
                .isEmpty();
    }

    private List<String> wrongIn(String text) throws IOException {
        Path here = project.resolve("core/src/main/java/dev/cairn/Here.java");
        Files.createDirectories(here.getParent());
        Files.writeString(here, "package dev.cairn;\nrecord Here(int there) {}\n");
        Files.writeString(project.resolve("Makefile"), "all: ## everything\n");
        Files.writeString(project.resolve("cairn"), "");
        Path document = Files.writeString(project.resolve("README.md"), text);
        return new DocumentChecker(project, Set.of("known.json", "Known"))
                .check(document).stream()
                        .map(line -> line.substring((document + ": ").length()))
                        .toList();
    }

    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>();
        for (String name : List.of("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")) {
            documents.add(ROOT.resolve(name));
        }
        documents.addAll(DocumentChecker.files(ROOT.resolve("docs"), ".md"));
        return documents;
    }
}
