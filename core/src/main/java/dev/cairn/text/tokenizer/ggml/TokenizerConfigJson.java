package dev.cairn.text.tokenizer.ggml;

import dev.cairn.format.Gguf;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The {@code tokenizer_config.json} of a GGUF file: special tokens and chat template. */
final class TokenizerConfigJson {
    private final ObjectNode json =
            JsonMapper.shared()
                    .createObjectNode()
                    .put("tokenizer_class", "PreTrainedTokenizerFast")
                    .put("clean_up_tokenization_spaces", false);
    private final IntFunction<String> spellings;

    private TokenizerConfigJson(IntFunction<String> spellings) {
        this.spellings = spellings;
    }

    static ObjectNode of(GgmlVocabulary vocabulary) {
        return new TokenizerConfigJson(vocabulary.tokens()::get)
                .put("bos_token", vocabulary.bos())
                .put("eos_token", vocabulary.eos())
                .put("unk_token", vocabulary.unknown())
                .put("pad_token", vocabulary.padding())
                .with(vocabulary.chatTemplate());
    }

    /** Reads no more of the vocabulary than the special tokens. */
    static ObjectNode of(Gguf file) {
        return new TokenizerConfigJson(id -> file.text(VocabularyKeys.TOKENS, id))
                .put("bos_token", VocabularyKeys.id(file, "bos_token_id"))
                .put("eos_token", VocabularyKeys.id(file, "eos_token_id"))
                .put("unk_token", VocabularyKeys.id(file, "unknown_token_id"))
                .put("pad_token", VocabularyKeys.id(file, "padding_token_id"))
                .with(VocabularyKeys.chatTemplate(file));
    }

    private TokenizerConfigJson put(String key, @Nullable Integer id) {
        if (id != null) {
            json.put(key, spellings.apply(id));
        }
        return this;
    }

    private ObjectNode with(@Nullable String chatTemplate) {
        return chatTemplate == null ? json : json.put("chat_template", chatTemplate);
    }
}
