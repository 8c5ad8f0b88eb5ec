package dev.cairn.data.stories;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Tells pre-training stories. Their paragraphs alternate: in the first, third, fifth … things
 * happen (past tense, with the narrator's asides); those in between are recaps, which quote lines
 * told so far and say in the present tense what follows from them. Quotes therefore never read as
 * new events. No story uses a word of {@link Words#HELD_OUT}.
 */
public final class StoryTeller {
    private static final int MIN_SENTENCES = 6;

    /** Nothing new is started after this many sentences; finishing may take ten more. */
    private static final int ENOUGH_SENTENCES = 18;

    private final SplittableRandom random;
    private final Words cast;
    private final Plot plot;
    private final SmallTalk smallTalk;
    private final Recap recap;
    private final Story story = new Story();
    private final List<String> paragraphs = new ArrayList<>();
    private int sentences;

    private StoryTeller(SplittableRandom random) {
        this.random = random;
        this.cast = cast(random);
        this.plot = new Plot(cast, random);
        this.smallTalk = new SmallTalk(random);
        this.recap = new Recap(random);
    }

    /**
     * {@code count} stories of 6 to 28 sentences, in order; paragraphs are separated by a line
     * break, stories by nothing. The same seed tells the same stories.
     */
    public static Stream<String> stories(long seed, int count) {
        var random = new SplittableRandom(seed);
        return Stream.generate(() -> new StoryTeller(random.split()).tell())
                .sequential()
                .limit(count);
    }

    private String tell() {
        int length = random.nextInt(MIN_SENTENCES, ENOUGH_SENTENCES + 1);
        while (sentences < length) {
            happenings(random.nextInt(2, 9));
            recap();
        }
        return String.join("\n", paragraphs);
    }

    private void happenings(int events) {
        var told = new ArrayList<String>();
        if (!paragraphs.isEmpty() && random.nextInt(3) == 0) {
            told.add(smallTalk.onwards());
        }
        for (int i = 0; i < events && sentences + told.size() < ENOUGH_SENTENCES; i++) {
            if (random.nextInt(3) == 0) {
                told.add(smallTalk.about(Pick.one(cast.names(), random)));
            }
            told.add(event());
            if (random.nextInt(4) == 0) {
                aside().ifPresent(told::add);
            }
        }
        paragraph(told);
    }

    private String event() {
        Wording wording = random.nextInt(4) == 0 ? Wording.RARE : Wording.PLAIN;
        Event event = plot.next(story);
        String text = wording.say(event, random);
        story.tell(text, event);
        return text;
    }

    /** Something that is true right now, said in the past tense of the story. */
    private Optional<String> aside() {
        List<Inquiry> inquiries =
                Inquiries.about(story).stream()
                        .filter(inquiry -> inquiry.kind() != Kind.WHERE_THING_BEFORE)
                        .toList();
        return inquiries.isEmpty()
                ? Optional.empty()
                : Optional.of(recap.aside(Pick.one(inquiries, random)));
    }

    /** One recap, or two where there is room. */
    private void recap() {
        List<Inquiry> inquiries = Inquiries.about(story);
        if (inquiries.isEmpty()) {
            return;
        }
        var told = new ArrayList<>(recap.of(choose(inquiries)));
        if (random.nextInt(5) < 2 && sentences + told.size() <= ENOUGH_SENTENCES) {
            told.addAll(recap.of(choose(inquiries)));
        }
        paragraph(told);
    }

    /** Each kind of inquiry that the story allows is equally likely. */
    private Inquiry choose(List<Inquiry> inquiries) {
        Kind kind = Pick.one(inquiries.stream().map(Inquiry::kind).distinct().toList(), random);
        return Pick.one(
                inquiries.stream().filter(inquiry -> inquiry.kind() == kind).toList(), random);
    }

    private void paragraph(List<String> told) {
        paragraphs.add(String.join(" ", told));
        sentences += told.size();
    }

    /**
     * Three stories in ten have invented names, so that the model learns to copy unknown words too.
     */
    private static Words cast(SplittableRandom random) {
        int people = random.nextInt(2, 6);
        int places = random.nextInt(2, 6);
        int things = random.nextInt(1, 5);
        int source = random.nextInt(10);
        Words pool = source < 3 ? Words.TRAIN : Words.WIDE;
        Words cast = pool.few(people, places, things, random);
        if (source < 7) {
            return cast;
        }
        List<String> invented = Words.invented(people + places + things, random);
        List<String> names = invented.subList(0, people).stream().map(Words::capitalised).toList();
        boolean strangePlaces = random.nextInt(3) == 0;
        boolean strangeThings = random.nextInt(3) == 0;
        return new Words(
                names,
                strangePlaces ? invented.subList(people, people + places) : cast.places(),
                strangeThings ? invented.subList(people + places, invented.size()) : cast.things());
    }
}
