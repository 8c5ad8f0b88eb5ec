package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.Fault;

/**
 * The memory and work that one rendering may use. Real templates stay far below the limits: a
 * conversation that fills a context of 128k tokens takes some ten million characters and some
 * hundred million units of work.
 */
final class Budget {
    /** Bounds memory: characters that one rendering makes, plus 16 per list element. */
    private static final long MEMORY = 64_000_000;

    /** Bounds time to seconds: characters examined, plus 100 per evaluated expression. */
    private static final long WORK = 2_000_000_000L;

    /** Bounds Java's stack: nesting of calls, expressions and values. */
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
            throw new Fault("the template takes too long to render");
        }
    }

    void text(long characters) {
        work(characters);
        memory -= characters;
        if (memory < 0 || characters < 0) {
            throw new Fault("the template produces too much text");
        }
    }

    void elements(long count) {
        text(Math.multiplyExact(Math.min(count, Integer.MAX_VALUE), (long) ELEMENT));
    }

    String made(String text) {
        text(text.length());
        return text;
    }

    /** An indentation of {@code count} spaces; empty if the count is negative. */
    String spaces(long count) {
        long width = Math.max(0, count);
        text(width);
        return " ".repeat((int) width);
    }

    void enter() {
        if (++depth > DEPTH) {
            throw new Fault("nested more than " + DEPTH + " levels deep");
        }
    }

    void leave() {
        depth--;
    }
}
