package dev.cairn.eval.run;

/** An item that failed, and why; it has no metrics. */
public record Failure(String task, int docId, String id, String error) {}
