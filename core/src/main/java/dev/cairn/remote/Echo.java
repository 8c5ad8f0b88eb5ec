package dev.cairn.remote;

import dev.cairn.text.tokenizer.Continuation;

/**
 * A context with a continuation as a server read them.
 *
 * @param contextTokens how many tokens come before the continuation's
 * @param continuation the continuation's tokens, each with a log-probability
 */
record Echo(int contextTokens, TokenReport continuation) {
    /**
     * Lets a server read a context and a continuation.
     *
     * @throws dev.cairn.CairnException when it does not say which tokens are the continuation's, or
     *     not how probable each of them is
     */
    static Echo of(Completions completions, String context, String continuation) {
        Problems problems = completions.problems();
        if (continuation.isEmpty()) {
            throw problems.problem("cannot score an empty continuation");
        }
        String text = context + continuation;
        Completions.Choice choice = completions.echo(text);
        // Some servers show the token that begins every text.
        int at = choice.text().indexOf(text);
        if (at < 0) {
            throw problems.problem(
                    "does not repeat the prompt, so it does not score it; scoring needs a server whose /completions knows echo, such as vLLM");
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
                    "cannot score a text without a context: it shows no token that begins texts");
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
        // Parts of a character have no text of their own.
        boolean isKnown = !joined.contains("\ufffd") && !joined.contains("bytes:");
        if (!begins || (isKnown && !joined.equals(continuation))) {
            throw problems.problem(
                    "reports no tokens that are the continuation%s, at character %d (text_offset); a token lies across its beginning, or the server counts otherwise"
                            .formatted(problems.quoted(continuation), border));
        }
    }
}
