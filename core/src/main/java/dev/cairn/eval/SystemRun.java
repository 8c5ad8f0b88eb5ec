package dev.cairn.eval;

import java.util.List;

/** A system and its results on every question set. */
public record SystemRun(SystemInfo system, List<SetResult> sets) {
    public SystemRun {
        sets = List.copyOf(sets);
    }
}
