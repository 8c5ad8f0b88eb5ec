package dev.cairn.data.stories;

import java.util.List;

/**
 * Something that can be asked about a story and has exactly one answer.
 *
 * @param subject the person or thing it is about, with its article
 * @param focus what is asked, in a few words
 * @param facts the lines that decide the answer, in the order in which they are needed
 * @param reasoning one sentence per step
 * @param answer one word
 */
public record Inquiry(
        Kind kind,
        String subject,
        String question,
        String focus,
        List<Line> facts,
        List<String> reasoning,
        String answer) {
    public Inquiry {
        facts = List.copyOf(facts);
        reasoning = List.copyOf(reasoning);
    }
}
