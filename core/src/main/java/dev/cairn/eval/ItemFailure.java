package dev.cairn.eval;

/** An item that failed, and why; it has no metrics. */
public record ItemFailure(String task, int docId, String id, String error) {}
