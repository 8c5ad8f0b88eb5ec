package dev.cairn.stack.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.support.AtomicFiles;
import dev.cairn.text.TokenProbability;
import dev.cairn.text.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the tokens of a prompt are, with a tokenizer as SentencePiece makes them. */
class TokenTextsTest {
    private static final String TOKENIZER =
            """
            {"version": "1.0", "truncation": null, "padding": null,
             "added_tokens": [
              {"id": 0, "content": "<s>", "single_word": false, "lstrip": false, "rstrip": false,
               "normalized": false, "special": true},
              {"id": 1, "content": "<unk>", "single_word": false, "lstrip": false, "rstrip": false,
               "normalized": false, "special": true}],
             "normalizer": {"type": "Sequence", "normalizers": [
              {"type": "Prepend", "prepend": "▁"},
              {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
             "pre_tokenizer": null,
             "post_processor": {"type": "TemplateProcessing",
              "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}},
                         {"Sequence": {"id": "A", "type_id": 0}}],
              "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
              "special_tokens": {"<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]}}},
             "decoder": {"type": "Sequence", "decoders": [
              {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "Fuse"},
              {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
             "model": {"type": "BPE", "dropout": null, "unk_token": "<unk>",
              "continuing_subword_prefix": null, "end_of_word_suffix": null, "fuse_unk": true,
              "byte_fallback": false, "ignore_merges": false,
              "vocab": {"<s>": 0, "<unk>": 1, "▁": 2, "a": 3, "b": 4, "▁a": 5}, "merges": ["▁ a"]}}
            """;

    @TempDir Path folder;

    private Tokenizer load() {
        AtomicFiles.writeString(folder.resolve("tokenizer.json"), TOKENIZER);
        return Tokenizer.load(folder);
    }

    private static List<Integer> offsets(
            Tokenizer tokenizer, int[] ids, String text, boolean isSent) {
        TokenTexts texts = new TokenTexts(tokenizer);
        List<TokenProbability> tokens =
                Arrays.stream(ids).mapToObj(id -> texts.of(id, null, List.of())).toList();
        return texts.placed(tokens, text, isSent).stream().map(TokenProbability::offset).toList();
    }

    @Test
    void whatStandsBeforeATextTakesNoPlaceInIt() {
        Tokenizer tokenizer = load();
        int[] ids = tokenizer.encode("a ab", true);
        assertThat(ids).containsExactly(0, 5, 5, 4);
        assertThat(offsets(tokenizer, ids, "a ab", true)).containsExactly(0, 0, 1, 3);
        assertThat(offsets(tokenizer, ids, tokenizer.decode(ids), false))
                .containsExactly(0, 0, 1, 3);
    }

    @Test
    void aSpecialTokenThatWasSentIsWhereItIsSpelled() {
        Tokenizer tokenizer = load();
        int[] ids = tokenizer.encode("<s>a", true);
        assertThat(ids).containsExactly(0, 5);
        assertThat(offsets(tokenizer, ids, "<s>a", true)).containsExactly(0, 3);
        assertThat(offsets(tokenizer, ids, tokenizer.decode(ids), false)).containsExactly(0, 0);
    }

    @Test
    void tokensAfterAnUnknownOneAreFoundAgain() {
        Tokenizer tokenizer = load();
        int[] ids = tokenizer.encode("azzb", true);
        assertThat(ids).containsExactly(0, 5, 1, 4);
        assertThat(offsets(tokenizer, ids, "azzb", true)).containsExactly(0, 0, 1, 3);
        assertThat(offsets(tokenizer, ids, tokenizer.decode(ids), false))
                .containsExactly(0, 0, 1, 1);
    }
}
