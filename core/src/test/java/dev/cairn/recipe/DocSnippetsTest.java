package dev.cairn.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The Java of the documents is that of {@link LibraryRecipesTest}, which runs it. */
class DocSnippetsTest {
    private static final int MAX_LINES = 10;
    private static final Pattern BLOCK =
            Pattern.compile("^```java\\n(.*?)^```", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern REGION =
            Pattern.compile(
                    "^ *// docs: [\\w-]+\\n(.*?)^ *// end", Pattern.DOTALL | Pattern.MULTILINE);

    @Test
    void theJavaOfTheLibrarysPageIsTested() throws IOException {
        List<String> shown = blocks("docs/library.md");
        assertThat(shown).hasSameSizeAs(tested()).allSatisfy(this::isTested);
    }

    /** The first block answers; {@code LibraryTest} runs it. */
    @Test
    void theJavaOfTheReadmeIsTested() throws IOException {
        List<String> shown = blocks("README.md");
        assertThat(shown).hasSize(2);
        isTested(shown.getLast());
    }

    private void isTested(String block) throws IOException {
        assertThat(block.lines().count()).as(block).isLessThanOrEqualTo(MAX_LINES);
        assertThat(tested()).contains(withoutSpace(block));
    }

    private static List<String> tested() throws IOException {
        return find(REGION, "core/src/test/java/dev/cairn/recipe/LibraryRecipesTest.java").stream()
                .map(DocSnippetsTest::withoutSpace)
                .toList();
    }

    private static List<String> blocks(String document) throws IOException {
        return find(BLOCK, document);
    }

    private static List<String> find(Pattern pattern, String file) throws IOException {
        return pattern.matcher(Files.readString(Path.of(file)))
                .results()
                .map((MatchResult result) -> result.group(1))
                .toList();
    }

    private static String withoutSpace(String code) {
        return code.replaceAll("\\s+", "");
    }
}
