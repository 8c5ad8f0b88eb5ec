package dev.cairn.data.stories;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.data.Digests;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class StoryTellerTest {
    private static final int MANY = 3000;
    private static final List<String> STORIES = StoryTeller.stories(1, MANY).toList();

    @Test
    void everyCommentIsTrueAndEveryQuoteIsVerbatim() {
        for (String story : STORIES) {
            assertThat(new Listener(story).lies).as(story).isEmpty();
        }
    }

    @Test
    void storiesMixHappeningsCommentsAndFreerSentences() {
        int events = 0;
        int comments = 0;
        int free = 0;
        for (String story : STORIES) {
            var listener = new Listener(story);
            assertThat(listener.events + listener.comments + listener.free).isBetween(6, 28);
            events += listener.events;
            comments += listener.comments;
            free += listener.free;
        }
        double all = events + comments + free;
        assertThat(comments / all).isBetween(0.35, 0.6);
        assertThat(free / all).isBetween(0.1, 0.2);
    }

    @Test
    void noStoryUsesAHeldOutWord() {
        Set<String> words = words();
        assertThat(words.stream().filter(Words.HELD_OUT::has)).isEmpty();
        assertThat(words).containsAll(Words.WIDE.all().toList());
    }

    @Test
    void aboutThreeStoriesInTenAreAboutInventedNames() {
        long invented =
                STORIES.stream().filter(story -> !Words.WIDE.has(firstMover(story))).count();
        // Three standard deviations of a proportion of 0.3 among 3000 stories.
        assertThat((double) invented / MANY).isBetween(0.275, 0.325);
    }

    @Test
    void nothingIsAskedInAStory() {
        assertThat(STORIES).noneMatch(story -> story.contains("?"));
    }

    @Test
    void theSameSeedTellsTheSameStoriesEverywhere() {
        assertThat(StoryTeller.stories(1, 20).toList()).isEqualTo(STORIES.subList(0, 20));
        assertThat(StoryTeller.stories(2, 20).toList()).doesNotContainAnyElementsOf(STORIES);
        assertThat(Digests.sha256(String.join("\n\n", STORIES)))
                .isEqualTo("63a660ff1712d071865abc15df433c5bb065359117c663ae3f276b46b49044a8");
    }

    private static Set<String> words() {
        return STORIES.stream()
                .flatMap(story -> Arrays.stream(story.split("\\W+")))
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static String firstMover(String story) {
        Matcher move = Pattern.compile("(\\w+) \\w+(?: back)? to the").matcher(story);
        assertThat(move.find()).as(story).isTrue();
        return move.group(1);
    }

    /** Checks one story against the independent reader, sentence by sentence. */
    private static final class Listener {
        private static final Pattern OPENER =
                Pattern.compile("(This is|Here is|Let us see|Remember|Somebody is) .*");
        private static final Pattern IS_IN =
                Pattern.compile(
                        "(?:So |Now |So now )?((?:[Tt]he )?\\w+) (is|was) in the (\\w+)\\.");
        private static final Pattern BEFORE =
                Pattern.compile(
                        "(?:So )?((?:[Tt]he )?\\w+) was in the (\\w+) before the (\\w+)\\.");
        private static final Pattern HAS =
                Pattern.compile("(?:So |Now |So now )?(\\w+) (has|had|left) the (\\w+)\\.");
        private static final Pattern WITH =
                Pattern.compile(
                        "(?:So |(\\w+) was there too, so )?((?!Somebody)\\w+) (?:is|was) with (\\w+)\\.");
        private static final Pattern BECAUSE =
                Pattern.compile(
                        "So (the \\w+ was in the \\w+), because (\\w+ (?:had|left) the \\w+\\.)");
        private static final Pattern ANSWER = Pattern.compile("So the answer is (\\w+)\\.");

        private final StoryReader reader = new StoryReader();
        private final Set<String> told = new HashSet<>();
        private final List<String> lies = new ArrayList<>();
        private String previous = "";
        private int events;
        private int comments;
        private int free;

        Listener(String story) {
            List<String> paragraphs = story.lines().toList();
            for (int i = 0; i < paragraphs.size(); i++) {
                for (String sentence : StoryReader.sentences(paragraphs.get(i))) {
                    if (i % 2 == 0) {
                        happening(sentence);
                    } else {
                        recap(sentence);
                    }
                    previous = sentence;
                }
            }
        }

        private void happening(String sentence) {
            if (reader.hear(sentence)) {
                events++;
                told.add(sentence);
            } else if (isComment(sentence)) {
                comments++;
                check(sentence, false);
            } else {
                free++;
            }
        }

        private void recap(String sentence) {
            comments++;
            if (isComment(sentence)) {
                if (!told.contains(sentence)) {
                    check(sentence, true);
                }
            } else if (!told.contains(sentence) && !OPENER.matcher(sentence).matches()) {
                lies.add(sentence + " (never told)");
            }
        }

        private static boolean isComment(String sentence) {
            return List.of(IS_IN, BEFORE, HAS, WITH, BECAUSE, ANSWER).stream()
                    .anyMatch(pattern -> pattern.matcher(sentence).matches());
        }

        private void check(String sentence, boolean recap) {
            Matcher because = BECAUSE.matcher(sentence);
            Matcher answer = ANSWER.matcher(sentence);
            boolean holds;
            if (because.matches()) {
                holds = isTrue(because.group(1) + ".", false) && isTrue(because.group(2), false);
            } else if (answer.matches()) {
                holds = List.of(previous.split("\\W+")).contains(answer.group(1));
            } else {
                holds = isTrue(sentence, recap);
            }
            if (!holds) {
                lies.add(sentence);
            }
        }

        /** Outside recaps the past tense is that of the story, and means now. */
        private boolean isTrue(String sentence, boolean recap) {
            Matcher isIn = IS_IN.matcher(sentence);
            Matcher before = BEFORE.matcher(sentence);
            Matcher has = HAS.matcher(sentence);
            Matcher with = WITH.matcher(sentence);
            if (before.matches()) {
                List<String> visited = reader.visited(lower(before.group(1)));
                return follows(visited, before.group(2), before.group(3));
            } else if (isIn.matches()) {
                String who = lower(isIn.group(1));
                return (recap && isIn.group(2).equals("was"))
                        ? reader.visited(who).contains(isIn.group(3))
                        : reader.last(who).orElseThrow().equals(isIn.group(3));
            } else if (has.matches()) {
                String person = has.group(1);
                String thing = has.group(3);
                return switch (has.group(2)) {
                    case "left" -> person.equals(reader.droppers.get(thing));
                    case "had" ->
                            recap
                                    ? reader.hasHad(person, thing)
                                    : person.equals(reader.holders.get(thing));
                    default -> person.equals(reader.holders.get(thing));
                };
            } else if (with.matches()) {
                boolean named = with.group(1) == null || with.group(1).equals(with.group(2));
                return named && reader.companion(with.group(3)).equals(with.group(2));
            }
            return false;
        }

        private static boolean follows(List<String> visited, String first, String second) {
            for (int i = 0; i + 1 < visited.size(); i++) {
                if (visited.get(i).equals(first) && visited.get(i + 1).equals(second)) {
                    return true;
                }
            }
            return false;
        }

        private static String lower(String who) {
            return who.replaceFirst("^The ", "the ");
        }
    }
}
