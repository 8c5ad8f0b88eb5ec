package dev.cairn.data.distill;

import dev.cairn.text.Answer;
import dev.cairn.text.FinishReason;

/** The outcome of a request. */
public sealed interface Outcome {
    /**
     * The teacher answered.
     *
     * @param text the teacher's text without what it thought before, or the beginning of a very
     *     long one
     * @param characters length of the whole text
     * @param wasCut whether the teacher stopped at its limit of tokens
     */
    record Reply(String text, int characters, boolean wasCut, long inputTokens, long outputTokens)
            implements Outcome {
        /** Longer than anything a stage of a small model could learn to write. */
        static final int MAX_CHARACTERS = 32_768;

        public Reply {
            text = Thoughts.cut(text); // files of earlier versions have the thoughts
        }

        static Reply of(Answer answer) {
            String text = Thoughts.cut(answer.text());
            boolean wasCut =
                    !answer.stages().isEmpty()
                            && answer.stages().getLast().finishReason() == FinishReason.LENGTH;
            return new Reply(
                    whole(text.substring(0, Math.min(text.length(), MAX_CHARACTERS))),
                    text.length(),
                    wasCut,
                    answer.stages().stream().mapToLong(trace -> trace.tokens().prompt()).sum(),
                    answer.stages().stream().mapToLong(trace -> trace.tokens().completion()).sum());
        }

        /** Replaces lone surrogates, which UTF-8 cannot encode. */
        private static String whole(String text) {
            return text.codePoints()
                    .map(c ->
                            c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE
                                    ? '\uFFFD'
                                    : c)
                    .collect(
                            StringBuilder::new,
                            StringBuilder::appendCodePoint,
                            StringBuilder::append)
                    .toString();
        }
    }

    /** There was no answer: the request is made again in the next run. */
    record Failed(String reason) implements Outcome {}
}
