package dev.cairn.serve;

import dev.cairn.text.FinishReason;
import dev.cairn.text.completion.Completion;
import dev.cairn.text.TokenProbability;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How an answer is put into JSON: that of a chat, or that of a completion. */
interface AnswerFormat {
    /** What the ids of answers begin with. */
    String idPrefix();

    /** What {@code object} says of a whole answer. */
    String wholeObject();

    /** What {@code object} says of a piece of one. */
    String pieceObject();

    /** Whether tokens are listed with their log-probabilities. */
    boolean listsTokens();

    /** The choice of a whole answer. */
    Map<String, @Nullable Object> whole(int index, Completion completion);

    /** What a stream says of a choice before anything of it is written. */
    Optional<Map<String, @Nullable Object>> first(int index);

    /** The piece of a choice that was just written. */
    Map<String, @Nullable Object> piece(int index, String text, List<TokenProbability> tokens);

    /** The last that is said of a choice. */
    Map<String, @Nullable Object> last(int index, FinishReason reason);

    /** Why writing ended, in OpenAI's words, which has none for a text that a person gave. */
    static String finishReason(FinishReason reason) {
        return switch (reason) {
            case STOP, EDITED -> "stop";
            case LENGTH -> "length";
        };
    }
}
