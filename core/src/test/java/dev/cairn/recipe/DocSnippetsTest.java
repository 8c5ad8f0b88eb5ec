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

    private static final String SECTION = "## Train, distil, evaluate and compare\n";

    /** What other sections show is of other modules, whose tests run it. */
    @Test
    void theJavaOfTheLibrarysPageIsTested() throws IOException {
        String page = Files.readString(Path.of("docs/library.md"));
        assertThat(page).contains(SECTION);
        String section = page.substring(page.indexOf(SECTION) + SECTION.length());
        List<String> shown = find(BLOCK, section.substring(0, section.indexOf("\n## ")));
        assertThat(shown).hasSameSizeAs(tested()).allSatisfy(this::isTested);
    }

    /** The first block answers; {@code LibraryTest} runs it. */
    @Test
    void theJavaOfTheReadmeIsTested() throws IOException {
        List<String> shown = find(BLOCK, Files.readString(Path.of("README.md")));
        assertThat(shown).hasSize(2);
        isTested(shown.getLast());
    }

    private void isTested(String block) throws IOException {
        assertThat(block.lines().count()).as(block).isLessThanOrEqualTo(MAX_LINES);
        assertThat(tested()).contains(withoutSpace(block));
    }

    private static List<String> tested() throws IOException {
        Path test = Path.of("core/src/test/java/dev/cairn/recipe/LibraryRecipesTest.java");
        return find(REGION, Files.readString(test)).stream()
                .map(DocSnippetsTest::withoutSpace)
                .toList();
    }

    private static List<String> find(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult result) -> result.group(1))
                .toList();
    }

    private static String withoutSpace(String code) {
        return code.replaceAll("\\s+", "");
    }
}
