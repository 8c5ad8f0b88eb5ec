package dev.cairn.eval;

/** A failed item, which has no metrics, with the error. */
public record ItemFailure(String task, int docId, String id, String error) {}
