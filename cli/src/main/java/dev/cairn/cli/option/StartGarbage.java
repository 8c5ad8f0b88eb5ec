package dev.cairn.cli.option;

/** What a process leaves behind while it opens a model. */
public final class StartGarbage {
    private StartGarbage() {}

    /**
     * Collects it, in 10 to 25 ms: a large vocabulary leaves some 200 MB, which would stay in the
     * heap as long as the process. Only programs of our own do this; in others' it is not our heap.
     */
    public static void collect() {
        System.gc();
    }
}
