package dev.cairn.data.stories;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** The narrator's comments: short asides within a story, and recaps that quote its lines. */
final class Recap {
    private final SplittableRandom random;

    Recap(SplittableRandom random) {
        this.random = random;
    }

    /**
     * A recap of one to eight sentences: an opener, the facts as told, what follows from them, and
     * the answer; usually not all of these.
     */
    List<String> of(Inquiry inquiry) {
        var recap = new ArrayList<String>();
        int form = random.nextInt(6);
        boolean opened = form < 3;
        boolean quoted = form != 2 && form != 3;
        if (opened) {
            recap.add(opener(inquiry));
        }
        if (quoted) {
            inquiry.facts().forEach(line -> recap.add(line.text()));
        }
        if (form == 0) {
            return recap;
        }
        if (form == 4) {
            recap.add("So " + decapitalised(inquiry.reasoning().getLast()));
        } else {
            recap.addAll(inquiry.reasoning());
        }
        if (recap.size() < 7 && random.nextInt(4) == 0) {
            recap.add("So the answer is %s.".formatted(inquiry.answer()));
        }
        return recap;
    }

    /** One sentence, in the past tense, that is true at this point of the story. */
    String aside(Inquiry inquiry) {
        String conclusion = past(inquiry.reasoning().getLast());
        List<String> steps = inquiry.reasoning();
        return switch (inquiry.kind()) {
            case WHERE_PERSON, WHO_HAS ->
                    Pick.one(List.of("Now ", "So now ", ""), random) + conclusion;
            case WHERE_THING ->
                    "So %s, because %s"
                            .formatted(
                                    decapitalised(conclusion.substring(0, conclusion.length() - 1)),
                                    past(steps.getFirst()));
            case WHO_WITH, WHO_WITH_THING ->
                    "%s was there too, so %s".formatted(inquiry.answer(), conclusion);
            case WHERE_THING_BEFORE -> conclusion;
            case WHAT_HAS_COMPANY -> throw tooDeep();
        };
    }

    private static IllegalArgumentException tooDeep() {
        return new IllegalArgumentException("stories to train on do not go that deep");
    }

    private String opener(Inquiry inquiry) {
        String subject = inquiry.subject();
        return Pick.one(
                switch (inquiry.kind()) {
                    case WHERE_PERSON, WHERE_THING ->
                            List.of(
                                    "This is what happened to %s.".formatted(subject),
                                    "Here is the place of %s.".formatted(subject),
                                    "Let us see where %s is.".formatted(subject),
                                    "Remember the place of %s.".formatted(subject));
                    case WHO_HAS ->
                            List.of(
                                    "This is what happened to %s.".formatted(subject),
                                    "Here is the holder of %s.".formatted(subject),
                                    "Let us see who has %s.".formatted(subject),
                                    "Remember the holder of %s.".formatted(subject));
                    case WHO_WITH ->
                            List.of(
                                    "Here is the company of %s.".formatted(subject),
                                    "Let us see who is with %s.".formatted(subject),
                                    "Somebody is with %s.".formatted(subject));
                    case WHO_WITH_THING ->
                            List.of(
                                    "Here is the company of %s.".formatted(subject),
                                    "Let us see who is with the holder of %s.".formatted(subject),
                                    "Somebody is with the holder of %s.".formatted(subject));
                    case WHAT_HAS_COMPANY -> throw tooDeep();
                    case WHERE_THING_BEFORE ->
                            List.of(
                                    "Let us see where %s was before.".formatted(subject),
                                    "Here is an earlier place of %s.".formatted(subject),
                                    "This is how %s got around.".formatted(subject));
                },
                random);
    }

    private static String past(String sentence) {
        return sentence.replace(" is ", " was ").replace(" has ", " had ");
    }

    /** Only an article loses its capital; every other first word is a name. */
    private static String decapitalised(String sentence) {
        return sentence.startsWith("The ") ? "the " + sentence.substring(4) : sentence;
    }
}
