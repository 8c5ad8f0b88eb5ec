package dev.cairn.server.openai;

import dev.cairn.text.FinishReason;
import dev.cairn.text.TokenProbability;
import dev.cairn.text.completion.Completion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The JSON format of a completion, for {@code /v1/chat/completions} or {@code /v1/completions}. */
sealed interface WireFormat permits ChatFormat, CompletionFormat {
    /** The prefix of completion ids. */
    String idPrefix();

    /** The field {@code object} of a whole completion. */
    String object();

    /** The field {@code object} of a chunk of a stream. */
    String chunkObject();

    /** Whether tokens are listed with their log-probabilities. */
    boolean listsTokens();

    /** A whole choice. */
    Map<String, @Nullable Object> choice(int index, Completion completion);

    /** The chunk that opens a choice, if the format has one. */
    Optional<Map<String, @Nullable Object>> firstChunk(int index);

    /** A chunk with the text and tokens that have just been generated. */
    Map<String, @Nullable Object> chunk(int index, String text, List<TokenProbability> tokens);

    /** The chunk that ends a choice. */
    Map<String, @Nullable Object> lastChunk(int index, FinishReason reason);

    /** OpenAI's name for a finish reason; it has none for a text that the request set. */
    static String finishReason(FinishReason reason) {
        return switch (reason) {
            case STOP, EDITED -> "stop";
            case LENGTH -> "length";
        };
    }
}
