package dev.cairn.data.stories;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** Chooses at random among the events that may come next in a story. */
public final class Plot {
    private final Words cast;
    private final SplittableRandom random;

    public Plot(Words cast, SplittableRandom random) {
        this.cast = cast;
        this.random = random;
    }

    /** A possible next event; moves are about as frequent as events with things. */
    public Event next(Story story) {
        var choices = new ArrayList<List<Event>>();
        for (List<Event> group : List.of(takes(story), gives(story), drops(story))) {
            if (!group.isEmpty()) {
                choices.add(group);
            }
        }
        if (choices.isEmpty() || random.nextBoolean()) {
            return move(story);
        }
        return Pick.one(Pick.one(choices, random), random);
    }

    /** Nobody goes where they already are. */
    private Event move(Story story) {
        String person = Pick.one(cast.names(), random);
        Optional<String> here = story.place(person, story.size());
        List<String> elsewhere =
                cast.places().stream().filter(place -> !here.equals(Optional.of(place))).toList();
        return new Event.Move(person, Pick.one(elsewhere, random));
    }

    /** A thing can be taken where it was dropped; one never mentioned may be anywhere. */
    private List<Event> takes(Story story) {
        var events = new ArrayList<Event>();
        Set<String> people = story.people();
        for (String thing : cast.things()) {
            if (story.holder(thing, story.size()).isPresent()) {
                continue;
            }
            Optional<String> where = story.thingPlace(thing, story.size());
            for (String person : people) {
                if (where.isEmpty() || where.equals(story.place(person, story.size()))) {
                    events.add(new Event.Take(person, thing));
                }
            }
        }
        return events;
    }

    private List<Event> gives(Story story) {
        var events = new ArrayList<Event>();
        for (String thing : story.things()) {
            String holder = story.holder(thing, story.size()).orElse(null);
            if (holder == null) {
                continue;
            }
            story.place(holder, story.size()).stream()
                    .flatMap(place -> story.othersIn(place, holder).stream())
                    .forEach(other -> events.add(new Event.Give(holder, other, thing)));
        }
        return events;
    }

    private List<Event> drops(Story story) {
        var events = new ArrayList<Event>();
        for (String thing : story.things()) {
            story.holder(thing, story.size())
                    .ifPresent(holder -> events.add(new Event.Drop(holder, thing)));
        }
        return events;
    }
}
