package dev.cairn.remote;

import dev.cairn.text.tokenizer.Continuation;

/**
 * A context and a continuation as a server has read them.
 *
 * @param contextTokens number of tokens before the continuation
 * @param continuation the continuation's tokens, each with a log-probability
 */
record Echo(int contextTokens, TokenReport continuation) {
    /**
     * Has a server read a context and a continuation.
     *
     * @throws dev.cairn.CairnException when it does not say which tokens belong to the
     *     continuation, or how probable each of them is
     */
    static Echo of(Completions completions, String context, String continuation) {
        Problems problems = completions.problems();
        if (continuation.isEmpty()) {
            throw problems.problem("cannot score an empty continuation");
        }
        String text = context + continuation;
        Completions.Choice choice = completions.echo(text);
        // Some servers include the token that begins every text.
        int at = choice.text().indexOf(text);
        if (at < 0) {
            throw problems.problem(
                    "does not echo the prompt, so it cannot score it; scoring needs a server whose /completions supports echo, such as vLLM");
        }
        TokenReport all = TokenReport.of(choice.logprobs(), problems);
        int start = choice.text().codePointCount(0, at);
        int end = Continuation.contextEnd(context);
        int border = start + codePoints(text.substring(0, end));
        TokenReport tokens = all.between(border, start + codePoints(text));
        checkBorder(tokens, text.substring(end), border, problems);
        int before = all.between(0, border).size();
        if (before == 0) {
            throw problems.problem(
                    "cannot score a text without a context: it reports no token that begins a text");
        }
        return new Echo(before, tokens.checked(problems));
    }

    private static int codePoints(String text) {
        return text.codePointCount(0, text.length());
    }

    /** The tokens must be the continuation and nothing else, or their sum would be wrong. */
    private static void checkBorder(
            TokenReport tokens, String continuation, int border, Problems problems) {
        boolean begins = tokens.size() > 0 && tokens.offsets().getFirst() == border;
        String joined = String.join("", tokens.tokens());
        // A token that is only part of a character has no text.
        boolean isKnown = !joined.contains("\ufffd") && !joined.contains("bytes:");
        if (!begins || (isKnown && !joined.equals(continuation))) {
            throw problems.problem(
                    "reports no tokens that make up exactly the continuation%s, at character %d (text_offset); a token crosses its start, or the server counts differently"
                            .formatted(problems.quoted(continuation), border));
        }
    }
}
