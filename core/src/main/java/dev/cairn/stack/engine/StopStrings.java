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
 *
 * <p>A special token has a spelling but no text. A stop string may contain its whole spelling; no
 * stop string matches a part of it, because nobody sees that part.
 */
public final class StopStrings {
    /** What a character that is held back belongs to. */
    private static final char TEXT = 't';

    private static final char SPECIAL = 's';
    private static final char INSIDE_SPECIAL = 'i';

    private final List<String> stops;
    private final boolean includes;

    /** What was written and not yet passed on, special tokens included. */
    private final StringBuilder held = new StringBuilder();

    /** One of the three constants for each character that is held back. */
    private final StringBuilder kinds = new StringBuilder();

    private boolean matched;

    private StopStrings(List<String> stops, boolean includes) {
        this.stops = stops;
        this.includes = includes;
    }

    /**
     * A new instance for one text, which ends before the stop string.
     *
     * @param stops the stop strings; an empty list passes everything
     * @throws CairnException if a stop string is empty
     */
    public static StopStrings of(List<String> stops) {
        return of(stops, false);
    }

    /**
     * A new instance for one text.
     *
     * @param includes whether the text ends after the stop string
     * @throws CairnException if a stop string is empty
     */
    static StopStrings of(List<String> stops, boolean includes) {
        if (stops.contains("")) {
            throw new CairnException("stop: an empty stop string would stop everything; remove it");
        }
        return new StopStrings(List.copyOf(stops), includes);
    }

    /**
     * Adds the next piece and returns the text that may be passed on. After a match, everything
     * from the stop string on is dropped, in this and in later calls.
     */
    public String push(String piece) {
        if (stops.isEmpty()) {
            return piece;
        }
        StringBuilder passed = new StringBuilder();
        for (int i = 0; i < piece.length() && !matched; i++) {
            held.append(piece.charAt(i));
            kinds.append(TEXT);
            pass(passed);
        }
        return passed.toString();
    }

    /** Adds a special token, which is not part of the text, like a piece. */
    String pushSpecial(String spelling) {
        if (stops.isEmpty() || spelling.isEmpty() || matched) {
            return "";
        }
        held.append(spelling);
        kinds.append(SPECIAL).repeat(INSIDE_SPECIAL, spelling.length() - 1);
        StringBuilder passed = new StringBuilder();
        pass(passed);
        return passed.toString();
    }

    /** Whether a stop string was found. */
    public boolean matched() {
        return matched;
    }

    /** Ends the text and returns what was held back but is not a stop string. */
    public String flush() {
        String rest = matched ? "" : text(held.length());
        held.setLength(0);
        kinds.setLength(0);
        return rest;
    }

    /** Passes on what comes before a stop string, or before what may be the beginning of one. */
    private void pass(StringBuilder passed) {
        String stop = "";
        int end = held.length();
        for (String each : stops) {
            int start = startOf(each);
            if (start >= 0 && each.length() > stop.length()) {
                stop = each;
                end = start;
            }
        }
        matched = !stop.isEmpty();
        end = matched ? end : beginning();
        passed.append(text(end));
        if (matched && includes) {
            passed.append(stop);
        }
        held.delete(0, end);
        kinds.delete(0, end);
    }

    /** Where a stop string begins that has just been completed; -1 if it has not. */
    private int startOf(String stop) {
        int start = held.length() - stop.length();
        if (start >= 0
                && kinds.charAt(start) != INSIDE_SPECIAL
                && held.indexOf(stop, start) == start) {
            return start;
        }
        // Or in what is seen, which has no special tokens.
        int at = held.length();
        for (int i = stop.length() - 1; i >= 0; i--) {
            at--;
            while (i < stop.length() - 1 && at >= 0 && kinds.charAt(at) != TEXT) {
                at--;
            }
            if (at < 0 || kinds.charAt(at) != TEXT || held.charAt(at) != stop.charAt(i)) {
                return -1;
            }
        }
        return at;
    }

    /** Where the longest end of what is held begins that is the beginning of a stop string. */
    private int beginning() {
        for (int start = 0; start < held.length(); start++) {
            if (kinds.charAt(start) != INSIDE_SPECIAL && mayBegin(start)) {
                return start;
            }
        }
        return held.length();
    }

    private boolean mayBegin(int start) {
        String all = held.substring(start);
        boolean isText = kinds.charAt(start) == TEXT;
        String seen = isText ? text(start, held.length()) : all;
        return stops.stream().anyMatch(stop -> stop.startsWith(all) || stop.startsWith(seen));
    }

    private String text(int end) {
        return text(0, end);
    }

    private String text(int start, int end) {
        StringBuilder text = new StringBuilder();
        for (int i = start; i < end; i++) {
            if (kinds.charAt(i) == TEXT) {
                text.append(held.charAt(i));
            }
        }
        return text.toString();
    }
}
