package dev.cairn.data.curriculum;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Reads tales forwards, as {@link TaleReader} understands them, and answers what is asked. */
class TalesTest {
    @Test
    void everyAnswerFollowsFromTheText() {
        assertThat(CurriculumTest.sheets(Exercise.TALE))
                .allSatisfy(sheet -> {
                    var reader = new TaleReader(sheet.text());
                    assertThat(sheet.problems()).isNotEmpty();
                    for (Problem problem : sheet.problems()) {
                        assertThat(answer(reader, problem.question()))
                                .as("%s%n%s", sheet.text(), problem)
                                .isEqualTo(problem.answer());
                    }
                });
    }

    @Test
    void theQuotesOfAnInquirySuffice() {
        assertThat(CurriculumTest.sheets(Exercise.TALE))
                .allSatisfy(sheet -> {
                    for (Problem problem : sheet.problems()) {
                        if (problem.steps().isEmpty()) {
                            continue;
                        }
                        String last = problem.steps().getLast();
                        assertThat(last).isNotBlank();
                        String words = String.join(" ", problem.quotes());
                        if (!List.of("yes", "no").contains(problem.answer())) {
                            assertThat(words).contains(problem.answer());
                        }
                    }
                });
    }

    private static String answer(TaleReader reader, String question) {
        String place =
                ask(
                        "In which place is (\\w+) now\\?|What place did (\\w+) reach last\\?|Find (\\w+)\\.|At which place does (\\w+) end up\\?",
                        question);
        String holder =
                ask(
                        "Who holds the (\\w+)\\?|In whose hands is the (\\w+)\\?|Who carries the (\\w+) at the end\\?|Name the owner of the (\\w+)\\.",
                        question);
        String thing =
                ask(
                        "In which place is the (\\w+)\\?|At which place can one find the (\\w+)\\?|Find the (\\w+)\\.|What place did the (\\w+) end up at\\?",
                        question);
        String company =
                ask(
                        "Who shares a place with (\\w+)\\?|Whom can (\\w+) see\\?|Who else is at (\\w+)'s place\\?|To whom can (\\w+) talk\\?",
                        question);
        String near =
                ask(
                        "Who shares a place with the owner of the (\\w+)\\?|Who can see the one that carries the (\\w+)\\?|Who is near whoever holds the (\\w+)\\?",
                        question);
        String first = ask("What is told first about (\\w+)\\?", question);
        String last = ask("What is told last about (\\w+)\\?", question);
        String line = ask("What comes right after \"(.*)\"\\?", question);
        String often = ask("How often did (\\w+) change places\\?", question);
        if (place != null) {
            return reader.places(place).getLast();
        } else if (holder != null) {
            return reader.holder(holder);
        } else if (thing != null) {
            return reader.placesOf(thing).getLast();
        } else if (company != null) {
            return reader.company(company);
        } else if (near != null) {
            return reader.company(reader.holder(near));
        } else if (first != null) {
            return reader.about(first).getFirst();
        } else if (last != null) {
            return reader.about(last).getLast();
        } else if (line != null) {
            return reader.sentences().get(reader.sentences().indexOf(line) + 1);
        } else if (often != null) {
            List<String> words =
                    List.of("never", "once", "twice", "three times", "four times", "five times");
            return words.get(reader.places(often).size());
        }
        String load = ask("What does (\\w+) carry at the end\\?", question);
        if (load != null) {
            List<String> things = reader.load(load);
            return things.isEmpty() ? "nothing" : String.join(", ", things);
        }
        return question.contains(" get ") || question.startsWith("Whom did")
                ? reader.gift(question)
                : pair(reader, question);
    }

    private static String pair(TaleReader reader, String question) {
        Matcher before =
                Pattern.compile(
                                "In which place was the (\\w+) just before it came to the (\\w+)\\?|From which place was the (\\w+) carried to the (\\w+)\\?")
                        .matcher(question);
        Matcher is = Pattern.compile("Is (\\w+) at the (\\w+)\\?").matcher(question);
        Matcher was = Pattern.compile("Was (\\w+) ever at the (\\w+)\\?").matcher(question);
        if (before.matches()) {
            int group = before.group(1) != null ? 1 : 3;
            List<String> visited = reader.placesOf(before.group(group));
            return visited.get(visited.indexOf(before.group(group + 1)) - 1);
        } else if (is.matches()) {
            return reader.places(is.group(1)).getLast().equals(is.group(2)) ? "yes" : "no";
        }
        assertThat(was.matches()).as(question).isTrue();
        return reader.places(was.group(1)).contains(was.group(2)) ? "yes" : "no";
    }

    private static @Nullable String ask(String pattern, String question) {
        Matcher matcher = Pattern.compile(pattern).matcher(question);
        if (!matcher.matches()) {
            return null;
        }
        for (int i = 1; i <= matcher.groupCount(); i++) {
            if (matcher.group(i) != null) {
                return matcher.group(i);
            }
        }
        throw new AssertionError(pattern);
    }
}
