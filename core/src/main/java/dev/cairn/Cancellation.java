package dev.cairn;

/** Ends what takes long: whoever reads or writes asks it now and then, also while waiting. */
@FunctionalInterface
public interface Cancellation {
    /** Never ends anything. */
    Cancellation NONE = () -> {};

    /** Throws when nobody wants the result any more; what it throws ends the work. */
    void check();
}
