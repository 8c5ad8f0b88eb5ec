package dev.cairn.data.stories;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The sentences told so far, and what follows from them. Everything is looked up by reading the
 * lines backwards: the state of the world is never stored beside them, so the two cannot disagree.
 */
public final class Story {
    private final List<Line> lines = new ArrayList<>();

    public void tell(String text, Event event) {
        lines.add(new Line(lines.size(), text, event));
    }

    public void remark(String text) {
        lines.add(new Line(lines.size(), text, null));
    }

    public List<Line> lines() {
        return lines;
    }

    public int size() {
        return lines.size();
    }

    /** People whose place is known, in order of appearance. */
    public SequencedSet<String> people() {
        return named(event -> event instanceof Event.Move(String person, String _) ? person : null);
    }

    /** Things that somebody has touched, in order of appearance. */
    public SequencedSet<String> things() {
        return named(event -> event instanceof Event.Take(String _, String thing) ? thing : null);
    }

    /** Places that somebody went to. */
    Set<String> places() {
        return named(event -> event instanceof Event.Move(String _, String place) ? place : null);
    }

    /** People who took something or were given something. */
    Set<String> handlers() {
        return named(event ->
                switch (event) {
                    case Event.Take(String person, String _) -> person;
                    case Event.Give(String _, String to, String _) -> to;
                    case Event.Move _, Event.Drop _ -> null;
                });
    }

    /** What a function finds in the events, in order of appearance. */
    private SequencedSet<String> named(Function<Event, @Nullable String> name) {
        var names = new LinkedHashSet<String>();
        for (Line line : lines) {
            String found = line.event() == null ? null : name.apply(line.event());
            if (found != null) {
                names.add(found);
            }
        }
        return names;
    }

    /** The last line before position {@code before} that moves {@code person}. */
    Optional<Line> lastMove(String person, int before) {
        return last(
                before,
                event -> event instanceof Event.Move(String who, String _) && who.equals(person));
    }

    /** The last line before position {@code before} in which {@code thing} changes hands. */
    public Optional<Line> lastTouch(String thing, int before) {
        return last(
                before,
                event ->
                        switch (event) {
                            case Event.Move _ -> false;
                            case Event.Take(String _, String it) -> it.equals(thing);
                            case Event.Drop(String _, String it) -> it.equals(thing);
                            case Event.Give(String _, String _, String it) -> it.equals(thing);
                        });
    }

    /** Where {@code person} is just before position {@code before}, if the story says so. */
    Optional<String> place(String person, int before) {
        return lastMove(person, before)
                .map(Line::event)
                .map(event -> event instanceof Event.Move(String _, String place) ? place : null);
    }

    /** Who has {@code thing} just before position {@code before}; empty when nobody does. */
    public Optional<String> holder(String thing, int before) {
        return lastTouch(thing, before)
                .map(Line::event)
                .map(event ->
                        switch (event) {
                            case Event.Take(String person, String _) -> person;
                            case Event.Give(String _, String to, String _) -> to;
                            case Event.Drop _, Event.Move _ -> null;
                        });
    }

    /** Where {@code thing} is just before position {@code before}: with its holder or dropped. */
    Optional<String> thingPlace(String thing, int before) {
        Line touch = lastTouch(thing, before).orElse(null);
        if (touch == null) {
            return Optional.empty();
        }
        if (touch.event() instanceof Event.Drop(String person, String _)) {
            return place(person, touch.at());
        }
        return holder(thing, before).flatMap(person -> place(person, before));
    }

    /** Everybody but {@code person} who is known to be in {@code place} now. */
    List<String> othersIn(String place, String person) {
        Optional<String> here = Optional.of(place);
        return people().stream()
                .filter(other -> !other.equals(person) && place(other, size()).equals(here))
                .toList();
    }

    private Optional<Line> last(int before, Predicate<Event> wanted) {
        for (int at = before - 1; at >= 0; at--) {
            Event event = lines.get(at).event();
            if (event != null && wanted.test(event)) {
                return Optional.of(lines.get(at));
            }
        }
        return Optional.empty();
    }
}
