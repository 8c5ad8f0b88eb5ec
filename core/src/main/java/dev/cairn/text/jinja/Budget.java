package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.Fault;

/**
 * What one rendering may cost. Real templates stay far below: a conversation that fills a context
 * of 128k tokens takes some ten million characters and some hundred million units of work.
 */
final class Budget {
    /** Characters, and list elements at 16 each, made by one rendering: bounds memory. */
    private static final long MEMORY = 64_000_000;

    /** Characters looked at, and expressions evaluated at 100 each: bounds time to seconds. */
    private static final long WORK = 2_000_000_000L;

    /** Calls, expressions and values within each other: bounds Java's stack. */
    private static final int DEPTH = 300;

    private static final int ELEMENT = 16;
    private static final int STEP = 100;

    private long memory = MEMORY;
    private long work = WORK;
    private int depth;

    void step() {
        work(STEP);
    }

    void work(long units) {
        work -= units;
        if (work < 0 || units < 0) {
            throw new Fault("the template does not come to an end in reasonable time");
        }
    }

    void text(long characters) {
        work(characters);
        memory -= characters;
        if (memory < 0 || characters < 0) {
            throw new Fault("the template makes too much text");
        }
    }

    void elements(long count) {
        text(Math.multiplyExact(Math.min(count, Integer.MAX_VALUE), (long) ELEMENT));
    }

    String made(String text) {
        text(text.length());
        return text;
    }

    /** The white space of an indentation; none where the count is negative. */
    String spaces(long count) {
        long width = Math.max(0, count);
        text(width);
        return " ".repeat((int) width);
    }

    void enter() {
        if (++depth > DEPTH) {
            throw new Fault("nested more than " + DEPTH + " deep");
        }
    }

    void leave() {
        depth--;
    }
}
