package dev.cairn.stack.engine;

import dev.cairn.CairnException;
import java.util.List;

/**
 * Finds stop strings in streamed text, even across pieces. Text is passed on as soon as it can no
 * longer be the beginning of a stop string.
 *
 * <p>The stop string that is complete first wins, and among those complete at the same character
 * the longest. The result therefore does not depend on how the text is split into pieces. One
 * instance serves one text.
 */
public final class StopStrings {
    private final List<String> stops;
    private final StringBuilder held = new StringBuilder();
    private boolean matched;

    private StopStrings(List<String> stops) {
        this.stops = stops;
    }

    /**
     * A new instance for one text.
     *
     * @param stops the stop strings; an empty list passes everything
     * @throws CairnException if a stop string is empty
     */
    public static StopStrings of(List<String> stops) {
        if (stops.contains("")) {
            throw new CairnException("stop: an empty stop string would stop everything; remove it");
        }
        return new StopStrings(List.copyOf(stops));
    }

    /**
     * Adds the next piece and returns the text that may be passed on. After a match, everything
     * from the stop string on is dropped, in this and in later calls.
     */
    public String push(String piece) {
        StringBuilder passed = new StringBuilder();
        for (int i = 0; i < piece.length() && !matched; i++) {
            held.append(piece.charAt(i));
            int stop = longestStopAtEnd();
            matched = stop > 0;
            // After a match the stop string is dropped, and the text held back before it is passed
            // on.
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

    /** Ends the text and returns what was held back but is not a stop string. */
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

    /** Length of the longest suffix of the held text that is a prefix of a stop string. */
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
