package dev.cairn.eval;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExactMatchTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "garden | The garden.",
                "garden | `  a\tGARDEN \n`",
                "garden | \"garden.\"",
                "garden | \"Garden\".",
                "garden | \u201cthe garden\u201d",
                "garden | 'garden'",
                "apple,milk | apple , milk",
                "new york | New\u00a0York",
                "caf\u00e9 | cafe\u0301",
                "a | A.",
            })
    void ignoresSpellingHabits(String gold, String answer) {
        assertThat(ExactMatch.matches(gold, answer)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "garden | gardens",
                "garden | the garden, the office",
                "garden | in the garden",
                "apple,milk | milk,apple",
                "two | 2",
                "theatre | atre",
                "no | ``",
                "3.5 | 35",
            })
    void keepsWhatCarriesMeaning(String gold, String answer) {
        assertThat(ExactMatch.matches(gold, answer)).isFalse();
    }

    @Test
    void dropsOnePeriodOnly() {
        assertThat(ExactMatch.normalize("\"etc..\"")).isEqualTo("etc.");
        assertThat(ExactMatch.normalize("\"etc.\".")).isEqualTo("etc.");
    }

    @Test
    void survivesAnswersWithNothingInThem() {
        assertThat(ExactMatch.normalize(" \n")).isEmpty();
        assertThat(ExactMatch.normalize("\"")).isEqualTo("\"");
        assertThat(ExactMatch.normalize("\"\"")).isEmpty();
        assertThat(ExactMatch.normalize(".")).isEmpty();
    }
}
