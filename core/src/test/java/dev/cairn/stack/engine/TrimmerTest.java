package dev.cairn.stack.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TrimmerTest {
    private static final String CHARACTERS = " \t\n\r\u2003\u00a0\u000bab.é🐄";

    @Test
    void anyCutIntoPiecesGivesTheStrippedText() {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 2000; round++) {
            String text = text(random);
            Trimmer trimmer = new Trimmer();
            StringBuilder trimmed = new StringBuilder();
            for (int from = 0; from < text.length(); ) {
                int to = from + random.nextInt(text.length() - from + 1);
                trimmed.append(trimmer.push(text.substring(from, to)));
                assertThat(trimmed.toString()).isEqualTo(text.substring(0, to).strip());
                from = to;
            }
            assertThat(trimmed.toString()).isEqualTo(text.strip());
        }
    }

    private static String text(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(12);
        for (int i = 0; i < length; i++) {
            text.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
        }
        return text.toString();
    }
}
