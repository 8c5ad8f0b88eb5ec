package dev.cairn.data.probes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.data.Document;
import dev.cairn.data.curriculum.Curriculum;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PassageTest {
    private final SplittableRandom random = new SplittableRandom(5);

    @ParameterizedTest
    @ValueSource(ints = {2, 16})
    void theValueIsThatOfTheOnlyLineWithTheKey(int size) {
        Set<Integer> asked = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            Passage passage = Passage.recall(size, random);
            List<String> lines = passage.before().lines().toList();
            List<String> table = lines.subList(0, lines.size() - 1);
            assertThat(table).hasSize(size).allMatch(line -> line.matches("[a-z]+: [a-z]+"));
            assertThat(words(table)).hasSize(2 * size);
            assertThat(table.stream().filter(line -> line.startsWith(lines.getLast())))
                    .containsExactly(lines.getLast() + passage.after());
            asked.add(table.indexOf(lines.getLast() + passage.after()));
        }
        assertThat(asked).as("any line is asked for").hasSize(size);
    }

    private static Set<String> words(List<String> lines) {
        return lines.stream()
                .flatMap(line -> Arrays.stream(line.split(": ")))
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 16})
    void theQuoteIsTheLaterSentenceOfThatPerson(int size) {
        Set<Integer> asked = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            Passage passage = Passage.lastLine(size, random);
            List<String> lines = passage.before().lines().toList();
            List<String> told = Arrays.asList(lines.getFirst().split("(?<=\\.) "));
            assertThat(lines).hasSize(2);
            assertThat(told).hasSize(size).doesNotHaveDuplicates();
            String person = lines.getLast().replaceFirst("Last about (\\w+): \\1", "$1");
            List<String> about = told.stream().filter(s -> s.startsWith(person + " ")).toList();
            assertThat(about).hasSize(2);
            assertThat(person + passage.after()).isEqualTo(about.getLast());
            asked.add(told.indexOf(about.getLast()));
        }
        // The first sentence is never a person's second.
        assertThat(asked).hasSize(size - 1);
    }

    @Test
    void everyWayToMoveIsUsed() {
        String told =
                random.ints(100)
                        .mapToObj(seed -> Passage.lastLine(16, new SplittableRandom(seed)).before())
                        .collect(Collectors.joining(" "));
        assertThat(Passage.MOVES)
                .allMatch(move -> told.contains(move.replaceAll("%s|\\.", "").strip()));
    }

    @Test
    void noExerciseIsWordedAsAProbeIs() {
        List<String> phrases =
                Passage.MOVES.stream()
                        .map(move -> move.formatted("", "").replace(".", ""))
                        .toList();

        assertThat(Curriculum.documents(1, 3000).map(Document::text))
                .noneMatch(text -> text.contains("Last about"))
                .noneMatch(text -> phrases.stream().anyMatch(text::contains));
    }
}
