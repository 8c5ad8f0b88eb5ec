package dev.cairn.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class StreamingDetokenizerTest {
    private static final int[] NO_PROMPT = {};

    @TempDir Path directory;
    private Tokenizer tokenizer;

    @BeforeEach
    void load() {
        tokenizer = TestTokenizers.tiny(directory);
    }

    @Test
    void thePiecesTogetherAreTheText() {
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 300; i++) {
            String text = TestTokenizers.randomText(random, 50);
            int[] prompt = tokenizer.encode(TestTokenizers.randomText(random, 10));
            assertThat(stream(tokenizer, prompt, tokenizer.encode(text))).isEqualTo(text);
        }
    }

    @Test
    void anyTokensGiveWhatDecodingThemAtOnceGives() {
        SplittableRandom random = new SplittableRandom(12);
        for (int i = 0; i < 300; i++) {
            int[] tokens = random.ints(random.nextInt(40), 0, tokenizer.vocabSize()).toArray();
            assertThat(stream(tokenizer, NO_PROMPT, tokens)).isEqualTo(tokenizer.decode(tokens));
        }
    }

    @Test
    void aCharacterAppearsWhenItIsWhole() {
        int[] fox = tokenizer.encode("🦊");
        assertThat(fox).hasSizeGreaterThan(2);
        StreamingDetokenizer stream = StreamingDetokenizer.of(tokenizer, NO_PROMPT);
        for (int i = 0; i < fox.length - 1; i++) {
            assertThat(stream.push(fox[i])).isEmpty();
        }
        assertThat(stream.push(fox[fox.length - 1])).isEqualTo("🦊");
        assertThat(stream.flush()).isEmpty();
    }

    @Test
    void halfACharacterAtTheEndIsFlushed() {
        StreamingDetokenizer stream = StreamingDetokenizer.of(tokenizer, NO_PROMPT);
        assertThat(stream.push(tokenizer.encode("🦊")[0])).isEmpty();
        assertThat(stream.flush()).isEqualTo("\uFFFD");
        assertThat(stream.flush()).isEmpty();
    }

    @Test
    void specialTokensGiveNoText() {
        StreamingDetokenizer stream = StreamingDetokenizer.of(tokenizer, NO_PROMPT);
        assertThat(stream.push(tokenizer.encode("a")[0])).isEqualTo("a");
        assertThat(stream.push(tokenizer.tokenId("<|endoftext|>").orElseThrow())).isEmpty();
        assertThat(stream.push(tokenizer.encode("b")[0])).isEqualTo("b");
    }

    @Test
    void sentencePieceKeepsTheSpaceAfterAPromptAndDropsItAtTheBeginning() throws IOException {
        Tokenizer llama = sentencePiece();
        int[] once = {llama.tokenId("▁a").orElseThrow(), llama.tokenId("▁b").orElseThrow()};
        int begin = llama.tokenId("<s>").orElseThrow();
        assertThat(stream(llama, NO_PROMPT, once)).isEqualTo("a b");
        assertThat(stream(llama, new int[] {begin}, once)).isEqualTo("a b");
        assertThat(stream(llama, new int[] {begin, once[1]}, once)).isEqualTo(" a b");
        assertThat(stream(llama, new int[] {once[1], begin}, once)).isEqualTo(" a b");
        int space = llama.tokenId("▁").orElseThrow();
        assertThat(stream(llama, NO_PROMPT, new int[] {space, once[0]})).isEqualTo(" a");
    }

    @Test
    void byteFallbackTokensBecomeCharacters() throws IOException {
        Tokenizer llama = sentencePiece();
        for (String text : List.of("a\n\nb", "a€b 🦊", "\n€€🦊\n", "é", " a\tb")) {
            assertThat(stream(llama, NO_PROMPT, llama.encode(text))).isEqualTo(text);
            assertThat(stream(llama, llama.encode("b\n"), llama.encode(text)))
                    .isEqualTo(" " + text);
        }
        int[] brokenEuro = {hex(llama, 0xE2), hex(llama, 0x82), llama.tokenId("▁a").orElseThrow()};
        assertThat(stream(llama, llama.encode("b€"), brokenEuro)).isEqualTo("\uFFFD\uFFFD a");
    }

    @Test
    void streamsTheGoldenTextOfALlama() {
        Tokenizer llama = Tokenizer.load(TestTokenizers.STORIES_260K);
        var golden =
                JsonMapper.shared().readTree(TestTokenizers.STORIES_260K.resolve("golden.json"));
        List<Integer> tokens = new ArrayList<>();
        golden.path("greedy_tokens").forEach(token -> tokens.add(token.asInt()));
        int[] ids = tokens.stream().mapToInt(Integer::intValue).toArray();
        String text = golden.path("greedy_text").asString();
        assertThat(stream(llama, llama.encode("So"), ids)).isEqualTo(text);
        assertThat(stream(llama, new int[] {1}, ids)).isEqualTo(text.substring(1));
    }

    private static String stream(Tokenizer tokenizer, int[] prompt, int[] tokens) {
        StreamingDetokenizer stream = StreamingDetokenizer.of(tokenizer, prompt);
        StringBuilder text = new StringBuilder();
        for (int token : tokens) {
            text.append(stream.push(token));
        }
        return text.append(stream.flush()).toString();
    }

    private static int hex(Tokenizer tokenizer, int unsignedByte) {
        return tokenizer.tokenId("<0x%02X>".formatted(unsignedByte)).orElseThrow();
    }

    /** A tokenizer as Llama's are: a space in front of every text, bytes for unknown letters. */
    private Tokenizer sentencePiece() throws IOException {
        Map<String, Integer> vocab = new LinkedHashMap<>();
        List.of("<unk>", "<s>", "</s>").forEach(token -> vocab.put(token, vocab.size()));
        for (int b = 0; b < 256; b++) {
            vocab.put("<0x%02X>".formatted(b), vocab.size());
        }
        List.of("▁", "a", "b", "▁a", "▁b").forEach(token -> vocab.put(token, vocab.size()));
        Path file = directory.resolve("sentencepiece.json");
        Files.writeString(
                file,
                SENTENCE_PIECE.replace(
                        "VOCAB", JsonMapper.builder().build().writeValueAsString(vocab)));
        return Tokenizer.load(file);
    }

    private static final String SENTENCE_PIECE =
            """
            {"version": "1.0", "truncation": null, "padding": null,
             "added_tokens": [
              {"id": 1, "content": "<s>", "single_word": false, "lstrip": false, "rstrip": false,
               "normalized": false, "special": true}],
             "normalizer": {"type": "Sequence", "normalizers": [
              {"type": "Prepend", "prepend": "▁"},
              {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
             "pre_tokenizer": null,
             "post_processor": null,
             "decoder": {"type": "Sequence", "decoders": [
              {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
              {"type": "ByteFallback"}, {"type": "Fuse"},
              {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
             "model": {"type": "BPE", "unk_token": "<unk>", "fuse_unk": true,
              "byte_fallback": true, "vocab": VOCAB, "merges": ["▁ a", "▁ b"]}}
            """;
}
