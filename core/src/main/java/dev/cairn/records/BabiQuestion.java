package dev.cairn.records;

import java.util.List;

/**
 * A question in a bAbI file.
 *
 * @param line its line in the file, from 1
 * @param statements the statements of its story before it, in order; at least one
 * @param facts the statements that support the answer, in the order of the file's references; empty
 *     when the file gives none
 */
public record BabiQuestion(
        int line, List<String> statements, String question, String answer, List<String> facts) {
    public BabiQuestion {
        statements = List.copyOf(statements);
        facts = List.copyOf(facts);
    }
}
