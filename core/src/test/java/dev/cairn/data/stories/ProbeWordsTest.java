package dev.cairn.data.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.data.TokenExample;
import dev.cairn.data.probes.ProbeKind;
import dev.cairn.data.probes.Probes;
import dev.cairn.text.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What is probed must not have been learnt from stories, nor give away what questions are about.
 */
class ProbeWordsTest {
    private static final Tokenizer TOKENIZER = Tokenizer.load(Path.of("models/pebble"));

    /** Made of all syllables that stories have. */
    private static final String INVENTED_BY_STORIES =
            "(?i)([bdfgklmnprstvz][aeiou]){2,3}[klmnrst]?";

    private static final List<String> TEXTS =
            new Probes(TOKENIZER, 512, 1)
                    .all(200).stream()
                            .filter(probe -> probe.kind() != ProbeKind.REPEAT)
                            .flatMap(probe -> probe.examples().stream())
                            .map(TokenExample::ids)
                            .map(TOKENIZER::decode)
                            .toList();

    private static List<String> words() {
        return TEXTS.stream().flatMap(text -> Stream.of(text.split("\\W+"))).distinct().toList();
    }

    @Test
    void noWordIsOneOfQuestionsOrStories() {
        assertThat(words())
                .hasSizeGreaterThan(1000)
                .noneMatch(Words.HELD_OUT::has)
                .noneMatch(Words.WIDE::has);
    }

    @Test
    void noWordCouldBeInventedByAStory() {
        assertThat(words()).noneMatch(word -> word.matches(INVENTED_BY_STORIES));
        assertThat(Words.invented(100, new SplittableRandom(1)))
                .allMatch(word -> word.matches(INVENTED_BY_STORIES));
    }

    @Test
    void nothingIsSaidAsStoriesSayIt() {
        assertThat(Stream.of(Wording.PLAIN, Wording.RARE).flatMap(ProbeWordsTest::phrases))
                .hasSizeGreaterThan(20)
                .allSatisfy(phrase ->
                        assertThat(TEXTS).noneMatch(text -> text.contains(" " + phrase + " ")));
    }

    /** What stands between the person and the place or thing, such as "went to the". */
    private static Stream<String> phrases(Wording wording) {
        return Stream.of(wording.moves(), wording.takes(), wording.drops(), wording.gives())
                .flatMap(List::stream)
                .map(format -> format.split("%s")[1].strip());
    }
}
