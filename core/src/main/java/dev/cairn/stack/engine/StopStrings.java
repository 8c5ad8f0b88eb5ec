package dev.cairn.stack.engine;

import dev.cairn.CairnException;
import java.util.List;

/**
 * Watches streamed text for stop strings, which may begin in one piece and end in another. Text is
 * passed on as soon as it can no longer be the beginning of a stop string.
 *
 * <p>The stop string that is complete first wins, and of those complete at the same character the
 * longest; so the result does not depend on how the text is cut into pieces. One instance watches
 * one text.
 */
public final class StopStrings {
    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private boolean matched;

    private StopStrings(List<String> stops) {
        this.stops = stops;
    }

    /**
     * A watcher for one text.
     *
     * @param stops what ends the text; an empty list lets everything through
     * @throws CairnException when a stop string is empty
     */
    public static StopStrings of(List<String> stops) {
        if (stops.contains("")) {
            throw new CairnException("stop: an empty stop string would stop everything; remove it");
        }
        return new StopStrings(List.copyOf(stops));
    }

    /**
     * Takes the next piece and returns the text that may be passed on. After a match the text from
     * the stop string on is dropped, here and in later calls.
     */
    public String push(String piece) {
        StringBuilder passed = new StringBuilder();
        for (int i = 0; i < piece.length() && !matched; i++) {
            held.append(piece.charAt(i));
            int stop = longestStopAtEnd();
            matched = stop > 0;
            // After a match the stop string goes, and what it was held back with passes.
            int keep = matched ? stop : longestBeginningAtEnd();
            passed.append(held, 0, held.length() - keep);
            held.delete(0, held.length() - keep);
        }
        return passed.toString();
    }

    /** Whether a stop string was found. */
    public boolean matched() {
        return matched;
    }

    /** The text ends: returns what was held back and is no stop string after all. */
    public String flush() {
        String rest = matched ? "" : held.toString();
        held.setLength(0);
        return rest;
    }

    private int longestStopAtEnd() {
        int longest = 0;
        for (String stop : stops) {
            int start = held.length() - stop.length();
            if (start >= 0 && stop.length() > longest && held.indexOf(stop, start) == start) {
                longest = stop.length();
            }
        }
        return longest;
    }

    /** Length of the longest end of the held text that a stop string begins with. */
    private int longestBeginningAtEnd() {
        for (int start = 0; start < held.length(); start++) {
            String end = held.substring(start);
            if (stops.stream().anyMatch(stop -> stop.startsWith(end))) {
                return end.length();
            }
        }
        return 0;
    }
}
