package dev.cairn.data.stories;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cairn.data.Question;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/**
 * Makes questions about short stories, with the gold text of the stages {@code focus}, {@code
 * facts}, {@code reasoning} and {@code answer}. The facts are there once more, one after the other,
 * as {@code first}, {@code second} and {@code third}. The kinds of a split take turns, so every
 * prefix of a set is balanced too.
 */
public final class StoryGenerator {
    private static final int PARTS = 5;

    /** What is written where all facts are found already. */
    private static final String NO_FACT = "Nothing more.";

    private final Split split;
    private final SplittableRandom random;

    private StoryGenerator(Split split, SplittableRandom random) {
        this.split = split;
        this.random = random;
    }

    /**
     * {@code count} questions about {@code count} different stories. The same seed gives the same
     * questions, and a smaller count gives the first of them.
     */
    public static List<Question> questions(long seed, int count, Split split) {
        var random = new SplittableRandom(seed);
        for (int i = 0; i < split.stream(); i++) {
            random.split();
        }
        var generator = new StoryGenerator(split, random.split());
        Set<String> told = new HashSet<>();
        var questions = new ArrayList<Question>();
        while (questions.size() < count) {
            int number = questions.size();
            Kind kind = split.kinds().get(number % split.kinds().size());
            String id = "stories-%s-%d-%06d".formatted(split, seed, number);
            Story story = generator.story();
            if (!isFair(story, kind)) {
                continue;
            }
            String text = text(story);
            if (generator.mayUse(text) && !told.contains(text)) {
                generator
                        .choose(story, kind)
                        .ifPresent(inquiry -> {
                            told.add(text);
                            questions.add(question(id, text, inquiry));
                        });
            }
        }
        return List.copyOf(questions);
    }

    private Story story() {
        Words cast =
                split.words()
                        .few(
                                random.nextInt(3, split.maxPeople() + 1),
                                random.nextInt(4, split.maxPeople() + 2),
                                random.nextInt(split.minThings(), split.minThings() + 2),
                                random);
        var plot = new Plot(cast, random);
        var smallTalk = new SmallTalk(random);
        var story = new Story();
        int length = random.nextInt(split.minSentences(), split.maxSentences() + 1);
        while (story.size() < length) {
            if (random.nextInt(10) == 0) {
                story.remark(smallTalk.distraction(Pick.one(cast.names(), random)));
            } else {
                Event event = plot.next(story);
                story.tell(Wording.PLAIN.say(event, random), event);
            }
        }
        return story;
    }

    /**
     * Requires other people and other places, or other things; otherwise the only one in the story
     * would be the answer.
     */
    private static boolean isFair(Story story, Kind kind) {
        boolean aboutPerson = kind == Kind.WHERE_PERSON || kind == Kind.WHO_WITH;
        int places = kind == Kind.WHERE_THING_BEFORE ? 4 : 3;
        return story.people().size() >= 3
                && story.places().size() >= places
                && (aboutPerson || story.handlers().size() >= 2)
                && (kind != Kind.WHAT_HAS_COMPANY || story.things().size() >= 4);
    }

    /** A fixed fifth of all possible stories is held out, so that no two seeds can mix the two. */
    private boolean mayUse(String story) {
        var hash = new CRC32();
        hash.update(story.getBytes(UTF_8));
        boolean heldOut = hash.getValue() % PARTS == 0;
        return switch (split) {
            case TRAIN -> !heldOut;
            case HELD_OUT -> heldOut;
            case UNSEEN, HARDER, DEEPER -> true;
        };
    }

    /**
     * Of two random inquiries, the one whose subject the story mentions more often. Inquiries that
     * depend on the first sentence are rarely allowed; otherwise a person's first place would be a
     * good guess.
     */
    private Optional<Inquiry> choose(Story story, Kind kind) {
        boolean mayOpen = random.nextInt(4) == 0;
        List<Inquiry> inquiries =
                Inquiries.of(kind, story).stream()
                        .filter(one -> mayOpen || !one.facts().contains(story.lines().getFirst()))
                        .toList();
        if (inquiries.isEmpty()) {
            return Optional.empty();
        }
        Inquiry one = Pick.one(inquiries, random);
        Inquiry other = Pick.one(inquiries, random);
        return Optional.of(mentions(story, one) >= mentions(story, other) ? one : other);
    }

    private static long mentions(Story story, Inquiry inquiry) {
        return story.lines().stream()
                .filter(line -> line.text().contains(inquiry.subject()))
                .count();
    }

    private static Question question(String id, String story, Inquiry inquiry) {
        Map<String, String> stages = new LinkedHashMap<>();
        stages.put("focus", inquiry.focus());
        stages.put("facts", join(inquiry.facts()));
        stages.put("first", facts(inquiry, 0, 1));
        stages.put("second", facts(inquiry, 1, 2));
        // Questions that take more facts than any in training have two here.
        stages.put("third", facts(inquiry, 2, inquiry.facts().size()));
        stages.put("reasoning", String.join(" ", inquiry.reasoning()));
        stages.put("answer", inquiry.answer());
        String input = story + "\n" + inquiry.question();
        return new Question(id, inquiry.kind().label(), input, inquiry.answer(), stages);
    }

    private static String facts(Inquiry inquiry, int from, int to) {
        List<Line> facts = inquiry.facts();
        return from < facts.size() ? join(facts.subList(from, to)) : NO_FACT;
    }

    private static String text(Story story) {
        return join(story.lines());
    }

    private static String join(List<Line> lines) {
        return lines.stream().map(Line::text).collect(Collectors.joining(" "));
    }
}
