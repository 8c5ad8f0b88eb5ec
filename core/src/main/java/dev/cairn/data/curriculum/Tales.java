package dev.cairn.data.curriculum;

import dev.cairn.data.stories.Event;
import dev.cairn.data.stories.Inquiries;
import dev.cairn.data.stories.Inquiry;
import dev.cairn.data.stories.Kind;
import dev.cairn.data.stories.Pick;
import dev.cairn.data.stories.Plot;
import dev.cairn.data.stories.Story;
import dev.cairn.data.stories.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** Stories about people, places and things, in wordings that no question's story uses. */
final class Tales {
    private static final List<String> SPACES = List.of(" ", " ", " ", "\n");

    private final SplittableRandom random;
    private final Plot plot;
    private final Words cast;
    private final TaleWording wording;
    private final Story story = new Story();

    private Tales(SplittableRandom random) {
        this.random = random;
        var lexicon = new Lexicon(random);
        cast =
                new Words(
                        lexicon.names(random.nextInt(2, 6)),
                        lexicon.places(random.nextInt(3, 7)),
                        lexicon.things(random.nextInt(1, 5)));
        plot = new Plot(cast, random);
        wording = new TaleWording(random);
    }

    static Sheet draw(SplittableRandom random) {
        return new Tales(random).sheet();
    }

    private Sheet sheet() {
        // Short ones ask more per token that is read; the longest show that distance is no matter.
        int length = 3 + random.nextInt(1 + random.nextInt(17));
        while (story.size() < length || story.people().isEmpty()) {
            if (random.nextInt(8) == 0) {
                story.remark(wording.remark(Pick.one(cast.names(), random)));
            } else {
                Event event = plot.next(story);
                story.tell(wording.say(event), event);
            }
        }
        String text =
                story.lines().stream()
                        .map(line -> line.text())
                        .collect(Collectors.joining(Pick.one(SPACES, random)));
        return new Sheet(text, problems(random.nextInt(3, 8)));
    }

    private List<Problem> problems(int count) {
        List<Inquiry> inquiries = Inquiries.about(story);
        var lines = new TaleLines(story, random);
        var problems = new ArrayList<Problem>();
        for (int i = 0; i < count; i++) {
            boolean isAboutLine = inquiries.isEmpty() || random.nextInt(4) == 0;
            problems.add(
                    isAboutLine ? lines.problem() : TaleQuestions.of(choose(inquiries), random));
        }
        return problems.stream().distinct().toList();
    }

    /** Each kind of inquiry that the story allows is equally likely. */
    private Inquiry choose(List<Inquiry> inquiries) {
        Kind kind = Pick.one(inquiries.stream().map(Inquiry::kind).distinct().toList(), random);
        return Pick.one(
                inquiries.stream().filter(inquiry -> inquiry.kind() == kind).toList(), random);
    }
}
