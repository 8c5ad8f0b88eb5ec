package dev.cairn.data.distill;

import java.util.Locale;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** Decides whether a stage can learn to write a teacher's text. */
final class Verdict {
    private Verdict() {}

    /**
     * What is wrong with a reply, in words that are the same for every reply with the same fault;
     * empty if nothing is.
     *
     * @param input what the user wrote
     * @param tokens counts tokens as the base does
     */
    static Optional<String> against(
            Outcome.Reply reply,
            DistillationTask task,
            String input,
            ToIntFunction<String> tokens) {
        String text = reply.text().strip();
        if (text.isEmpty()) {
            return Optional.of(
                    reply.wasCut()
                            ? "empty at the teacher's max_tokens, as when a model thinks first; raise max_tokens or let it think less"
                            : "empty");
        }
        if (Thoughts.in(text)) {
            return Optional.of(
                    reply.wasCut()
                            ? "a thought without an end at the teacher's max_tokens; raise max_tokens or let it think less"
                            : "a thought in the middle of the text, or without an end");
        }
        if (reply.characters() > Outcome.Reply.MAX_CHARACTERS) {
            return Optional.of("more than " + Outcome.Reply.MAX_CHARACTERS + " characters");
        }
        if (isHtml(text)) {
            return Optional.of("an HTML page");
        }
        if (text.indexOf('\uFFFD') >= 0 || text.indexOf('\0') >= 0) {
            return Optional.of("broken characters");
        }
        if (reply.wasCut()) {
            return Optional.of("cut off at the teacher's max_tokens");
        }
        if (tokens.applyAsInt(text) > task.maxTokens()) {
            return Optional.of("more tokens than fit into sequence_len");
        }
        return task.contract().breach(text, input, tokens);
    }

    private static boolean isHtml(String text) {
        String start = text.substring(0, Math.min(text.length(), 15)).toLowerCase(Locale.ROOT);
        return start.startsWith("<!doctype html") || start.startsWith("<html");
    }
}
