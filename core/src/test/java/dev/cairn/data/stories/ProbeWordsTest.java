package dev.cairn.data.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.data.TokenExample;
import dev.cairn.data.probes.ProbeKind;
import dev.cairn.data.probes.Probes;
import dev.cairn.text.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What is probed must not have been learnt from stories, nor give away what questions are about.
 */
class ProbeWordsTest {
    private static final Tokenizer TOKENIZER = Tokenizer.load(Path.of("models/pebble"));

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
                .noneMatch(Words.TRAIN::has)
                .noneMatch(Words.EXTRA::has);
    }

    @Test
    void nothingIsSaidAsStoriesSayIt() {
        assertThat(phrases(Wording.PLAIN))
                .hasSizeGreaterThan(10)
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
