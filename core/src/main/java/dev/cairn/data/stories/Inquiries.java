package dev.cairn.data.stories;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds everything that can be asked about the end of a story. */
public final class Inquiries {
    private final Story story;
    private final List<Inquiry> found = new ArrayList<>();

    private Inquiries(Story story) {
        this.story = story;
    }

    /** Every inquiry of a {@linkplain Kind#TRAINED trained kind}, in a fixed order. */
    public static List<Inquiry> about(Story story) {
        var inquiries = new Inquiries(story);
        story.people().forEach(inquiries::aboutPerson);
        story.things().forEach(inquiries::aboutThing);
        return inquiries.found;
    }

    /** Every inquiry of one kind. */
    static List<Inquiry> of(Kind kind, Story story) {
        return kind == Kind.WHAT_HAS_COMPANY
                ? deeper(story)
                : about(story).stream().filter(one -> one.kind() == kind).toList();
    }

    /** The inquiries that take one step more: what somebody has who is with a thing's holder. */
    private static List<Inquiry> deeper(Story story) {
        var inquiries = new Inquiries(story);
        return about(story).stream()
                .filter(one -> one.kind() == Kind.WHO_WITH_THING)
                .flatMap(one -> inquiries.deeper(one).stream())
                .toList();
    }

    private Optional<Inquiry> deeper(Inquiry company) {
        List<String> things =
                story.things().stream()
                        .filter(thing ->
                                story.holder(thing, story.size())
                                        .equals(Optional.of(company.answer())))
                        .toList();
        if (things.size() != 1) {
            return Optional.empty();
        }
        String thing = things.getFirst();
        String first = company.subject();
        return Optional.of(
                new Inquiry(
                        Kind.WHAT_HAS_COMPANY,
                        first,
                        "What does the one with the holder of %s have?".formatted(first),
                        "thing of " + company.focus(),
                        and(company.facts(), story.lastTouch(thing, story.size()).orElseThrow()),
                        and(company.reasoning(), has(company.answer(), thing)),
                        thing));
    }

    private static <T> List<T> and(List<T> items, T last) {
        return Stream.concat(items.stream(), Stream.of(last)).toList();
    }

    private void aboutPerson(String person) {
        Line move = moveOf(person, story.size());
        String place = placeIn(move);
        String here = isIn(person, place);
        found.add(
                new Inquiry(
                        Kind.WHERE_PERSON,
                        person,
                        "Where is %s?".formatted(person),
                        "place of " + person,
                        List.of(move),
                        List.of(here),
                        place));
        String company = company(place, person);
        if (company != null) {
            found.add(
                    new Inquiry(
                            Kind.WHO_WITH,
                            person,
                            "Who is with %s?".formatted(person),
                            "company of " + person,
                            List.of(move, moveOf(company, story.size())),
                            List.of(here, isIn(company, place), isWith(company, person)),
                            company));
        }
    }

    /** Who is in a place with somebody, if it is one person. */
    private @Nullable String company(String place, String person) {
        List<String> others = story.othersIn(place, person);
        return others.size() == 1 ? others.getFirst() : null;
    }

    private static String isIn(String person, String place) {
        return "%s is in the %s.".formatted(person, place);
    }

    private static String has(String person, String thing) {
        return "%s has the %s.".formatted(person, thing);
    }

    private static String isWith(String company, String person) {
        return "%s is with %s.".formatted(company, person);
    }

    private void aboutThing(String thing) {
        Line touch = story.lastTouch(thing, story.size()).orElseThrow();
        if (touch.event() instanceof Event.Drop(String person, String _)) {
            aboutDropped(thing, touch, person);
        } else {
            aboutHeld(thing, touch, story.holder(thing, story.size()).orElseThrow());
        }
        aboutPast(thing);
    }

    private void aboutDropped(String thing, Line drop, String person) {
        Line move = moveOf(person, drop.at());
        addWhereThing(
                thing,
                List.of(drop, move),
                "%s left the %s.".formatted(person, thing),
                "%s was in the %s.".formatted(person, placeIn(move)),
                placeIn(move));
    }

    private void aboutHeld(String thing, Line touch, String holder) {
        Line move = moveOf(holder, story.size());
        String place = placeIn(move);
        String has = has(holder, thing);
        String here = isIn(holder, place);
        found.add(
                new Inquiry(
                        Kind.WHO_HAS,
                        "the " + thing,
                        "Who has the %s?".formatted(thing),
                        "holder of " + thing,
                        List.of(touch),
                        List.of(has),
                        holder));
        addWhereThing(thing, List.of(touch, move), has, here, place);
        String company = company(place, holder);
        if (company != null) {
            found.add(
                    new Inquiry(
                            Kind.WHO_WITH_THING,
                            "the " + thing,
                            "Who is with the holder of the %s?".formatted(thing),
                            "company of " + thing,
                            List.of(touch, move, moveOf(company, story.size())),
                            List.of(has, here, isIn(company, place), isWith(company, holder)),
                            company));
        }
    }

    private void addWhereThing(
            String thing, List<Line> facts, String first, String second, String place) {
        found.add(
                new Inquiry(
                        Kind.WHERE_THING,
                        "the " + thing,
                        "Where is the %s?".formatted(thing),
                        "place of " + thing,
                        facts,
                        List.of(first, second, "The %s is in the %s.".formatted(thing, place)),
                        place));
    }

    /** Asks where the thing was before a place that it was brought to exactly once. */
    private void aboutPast(String thing) {
        List<String> visited = placesOf(thing);
        for (Line move : story.lines()) {
            if (move.event() instanceof Event.Move(String person, String place)
                    && story.holder(thing, move.at()).filter(person::equals).isPresent()
                    && visited.stream().filter(place::equals).count() == 1) {
                addBefore(thing, person, move, place);
            }
        }
    }

    private void addBefore(String thing, String person, Line move, String place) {
        Line touch = story.lastTouch(thing, move.at()).orElseThrow();
        Line earlier = moveOf(person, move.at());
        String before = placeIn(earlier);
        found.add(
                new Inquiry(
                        Kind.WHERE_THING_BEFORE,
                        "the " + thing,
                        "Where was the %s before the %s?".formatted(thing, place),
                        "place of %s before %s".formatted(thing, place),
                        List.of(touch, move, earlier),
                        List.of(
                                "%s had the %s.".formatted(person, thing),
                                "%s was in the %s before the %s.".formatted(person, before, place),
                                "The %s was in the %s before the %s."
                                        .formatted(thing, before, place)),
                        before));
    }

    /** The places {@code thing} was in, one after the other. */
    private List<String> placesOf(String thing) {
        var places = new ArrayList<String>();
        for (int at = 1; at <= story.size(); at++) {
            story.thingPlace(thing, at)
                    .filter(place -> places.isEmpty() || !place.equals(places.getLast()))
                    .ifPresent(places::add);
        }
        return places;
    }

    private Line moveOf(String person, int before) {
        return story.lastMove(person, before).orElseThrow();
    }

    private static String placeIn(Line line) {
        if (line.event() instanceof Event.Move(String _, String place)) {
            return place;
        }
        throw new IllegalArgumentException("not a move: " + line.text());
    }
}
