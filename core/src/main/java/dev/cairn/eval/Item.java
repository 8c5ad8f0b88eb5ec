package dev.cairn.eval;

/**
 * One question and the answer it is scored against.
 *
 * @param id unique within its set; systems are paired by it
 * @param kind what sort of question it is; scores are reported per kind
 * @param input what the system is asked
 * @param answer the gold answer, compared by {@link ExactMatch}
 */
public record Item(String id, String kind, String input, String answer) {}
