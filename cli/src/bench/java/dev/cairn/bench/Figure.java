package dev.cairn.bench;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One number that was measured. A program prints its figures as lines that {@link Bench} finds
 * among whatever else it prints; the peers in {@code tools/bench} print the same lines.
 *
 * @param what is measured; figures of the same name and unit are compared with each other
 * @param by the system, such as {@code Cairn int8} or {@code PyTorch fp32}
 * @param limit what bounds it, measured in the same process; null for figures without one
 */
record Figure(String what, String by, double value, String unit, @Nullable Limit limit) {
    /** Name of Cairn's own figures, or the beginning of it. */
    static final String CAIRN = "Cairn";

    // What the peers measure too, under these names.
    static final String TRAIN = "train, 8×256, LoRA r 8, loss on all tokens";
    static final String PREFILL = "prefill of 512 tokens";
    static final String DECODE = "decode";

    private static final String MARK = "figure";

    /**
     * A bound.
     *
     * @param value in the unit of the figure
     */
    record Limit(String name, double value) {}

    /** A figure of Cairn's. */
    static Figure of(String what, double value, String unit) {
        return new Figure(what, CAIRN, value, unit, null);
    }

    /** A figure of Cairn's and what bounds it. */
    static Figure of(String what, double value, String unit, String limit, double limitValue) {
        return new Figure(what, CAIRN, value, unit, new Limit(limit, limitValue));
    }

    /** The same figure, of another way that Cairn has. */
    Figure by(String way) {
        return new Figure(what, CAIRN + " " + way, value, unit, limit);
    }

    boolean isCairn() {
        return by.startsWith(CAIRN);
    }

    void print() {
        System.out.println(this);
    }

    @Override
    public String toString() {
        String line = String.join("\t", MARK, what, by, number(value), unit);
        return limit == null ? line : String.join("\t", line, limit.name(), number(limit.value()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.6g", value);
    }

    /** The figure that a line holds; null when it holds none. */
    static @Nullable Figure parse(String line) {
        String[] parts = line.split("\t", -1);
        if (!parts[0].equals(MARK) || (parts.length != 5 && parts.length != 7)) {
            return null;
        }
        Limit limit = parts.length == 5 ? null : new Limit(parts[5], Double.parseDouble(parts[6]));
        return new Figure(parts[1], parts[2], Double.parseDouble(parts[3]), parts[4], limit);
    }
}
