package dev.cairn.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TokenizerTest {
    @TempDir Path directory;
    private Tokenizer tokenizer;

    @BeforeEach
    void load() {
        tokenizer = TestTokenizers.tiny(directory);
    }

    @Test
    void agreesWithTheGoldensOfGptNeoX() {
        Tokenizer neox = Tokenizer.load(TestTokenizers.GPT_NEOX);
        JsonNode goldens = golden(TestTokenizers.GPT_NEOX);
        assertThat(goldens.size()).isGreaterThan(20);
        for (JsonNode golden : goldens) {
            int[] ids = ints(golden.path("ids"));
            assertThat(neox.encode(golden.path("text").asString())).isEqualTo(ids);
            assertThat(neox.decode(ids))
                    .isEqualTo(golden.path("decoded").asString().replace("<|endoftext|>", ""));
        }
        assertThat(neox.vocabSize()).isEqualTo(50277);
        assertThat(neox.tokenId("<|padding|>")).hasValue(1);
    }

    @Test
    void agreesWithTheGoldenTextOfALlama() {
        Tokenizer llama = Tokenizer.load(TestTokenizers.STORIES_260K);
        JsonNode golden = golden(TestTokenizers.STORIES_260K);
        int[] ids = ints(golden.path("greedy_tokens"));
        String text = golden.path("greedy_text").asString();
        // The golden text keeps the space that begins every SentencePiece text; decoding drops it.
        assertThat(llama.decode(ids)).isEqualTo(text.substring(1));
        assertThat(llama.encode(text.substring(1)))
                .as("no <s> in front")
                .startsWith(ids[0], ids[1], ids[2]);
        assertThat(llama.tokenId("</s>")).hasValue(2);
        assertThat(llama.vocabSize()).isEqualTo(512);
    }

    @Test
    void neverTruncatesAndNeverPadsWhateverTheFileSays() throws IOException {
        String limited =
                Files.readString(directory.resolve("tokenizer.json"))
                        .replace(
                                "\"truncation\" : null",
                                """
                                "truncation" : {"direction":"Right","max_length":16,\
                                "strategy":"LongestFirst","stride":0}\
                                """)
                        .replace(
                                "\"padding\" : null",
                                """
                                "padding" : {"strategy":{"Fixed":9000},"direction":"Right",\
                                "pad_to_multiple_of":null,"pad_id":1,"pad_type_id":0,\
                                "pad_token":"<|padding|>"}\
                                """);
        assertThat(limited).contains("LongestFirst", "Fixed");
        Files.writeString(directory.resolve("tokenizer.json"), limited);
        Tokenizer loaded = Tokenizer.load(directory);
        String text = "z".repeat(5000);
        assertThat(loaded.encode(text)).hasSize(5000);
        assertThat(loaded.decode(loaded.encode(text))).isEqualTo(text);
        assertThat(loaded.encode("z")).hasSize(1);
    }

    /** tokenizers 0.23.3 makes other tokens of a text each time if the file says so. */
    @Test
    void neverDropsMergesWhateverTheFileSays() throws IOException {
        String text = "the stone and the hill and the stone ".repeat(20);
        int[] expected = tokenizer.encode(text);
        Path file = directory.resolve("tokenizer.json");
        String json = Files.readString(file);
        String dropping = json.replace("\"dropout\" : null", "\"dropout\" : 0.5");
        assertThat(dropping).isNotEqualTo(json);
        Files.writeString(file, dropping);

        assertThat(Tokenizer.load(directory).encode(text)).isEqualTo(expected);
        assertThat(expected).as("the text has merges to drop").hasSizeLessThan(text.length());
    }

    @Test
    void specialTokensAreReadButStandForNoText() {
        int end = tokenizer.tokenId("<|endoftext|>").orElseThrow();
        assertThat(end).isZero();
        assertThat(tokenizer.encode("a<|endoftext|>"))
                .containsExactly(tokenizer.tokenId("a").orElseThrow(), end);
        assertThat(tokenizer.decode(tokenizer.encode("a<|endoftext|>b"))).isEqualTo("ab");
        assertThat(tokenizer.tokenId("no such token")).isEmpty();
    }

    @Test
    void theEmptyTextHasNoTokens() {
        assertThat(tokenizer.encode("")).isEmpty();
        assertThat(tokenizer.decode(new int[0])).isEmpty();
    }

    @Test
    void idsBeyondTheVocabularyStandForNoText() {
        int a = tokenizer.tokenId("a").orElseThrow();
        assertThat(tokenizer.decode(new int[] {a, 50_000, -1, a})).isEqualTo("aa");
    }

    @Test
    void halfACharacterBecomesAReplacementCharacter() {
        int[] fox = tokenizer.encode("🦊");
        assertThat(fox).hasSizeGreaterThan(1);
        assertThat(tokenizer.decode(new int[] {fox[0]})).endsWith("\uFFFD");
        assertThat(tokenizer.decode(tokenizer.encode("a\uD83Db\uDC04")))
                .isEqualTo("a\uFFFDb\uFFFD");
    }

    @Test
    void manyThreadsMayShareIt() throws Exception {
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            SplittableRandom random = new SplittableRandom(t);
            tasks.add(() -> roundTrips(random));
        }
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (Future<Boolean> result : threads.invokeAll(tasks)) {
                assertThat(result.get()).isTrue();
            }
        }
    }

    private boolean roundTrips(SplittableRandom random) {
        for (int i = 0; i < 200; i++) {
            String text = TestTokenizers.randomText(random, 200);
            if (!tokenizer.decode(tokenizer.encode(text)).equals(text)) {
                return false;
            }
        }
        return true;
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> Tokenizer.load(directory.resolve("nowhere/tokenizer.json")))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("nowhere/tokenizer.json: no such file");
        assertThatThrownBy(() -> Tokenizer.load(Files.createDirectory(directory.resolve("empty"))))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("empty/tokenizer.json: no such file");
    }

    @Test
    void aFileCutShortAnywhereIsAnErrorInOneLine() throws IOException {
        Path file = directory.resolve("tokenizer.json");
        byte[] whole = Files.readAllBytes(file);
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 40; i++) {
            Files.write(file, Arrays.copyOf(whole, random.nextInt(whole.length - 2)));
            assertRefused(file, "");
        }
    }

    @Test
    void damagedFilesAreErrorsInOneLine() throws IOException {
        Path file = directory.resolve("tokenizer.json");
        String whole = Files.readString(file);
        Files.writeString(file, "[1, 2]");
        assertRefused(file, "expected a JSON object");
        Files.writeString(file, "{\"model\": {\"type\": \"BPE\"}}");
        assertRefused(file, "model.vocab is missing");
        Files.writeString(file, whole.replace("\"!\" : 2", "\"!\" : \"two\""));
        assertRefused(
                file, "model.vocab has an id that is not a number from 0 to 16777215: \"two\"");
        Files.writeString(file, whole.replace("\"BPE\"", "\"EPB\""));
        assertRefused(file, "");
        Files.writeString(file, whole.replaceFirst("\"h e\"", "\"h nosuchtoken\""));
        assertRefused(file, "nosuchtoken");
        Files.write(file, new byte[] {(byte) 0xC3, 0x28, 0, 1, 2});
        assertRefused(file, "not UTF-8");
    }

    private static void assertRefused(Path file, String what) {
        assertThatThrownBy(() -> Tokenizer.load(file))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(file + ": not ")
                .hasMessageContaining(what)
                .hasMessageNotContaining("\n");
    }

    private static JsonNode golden(Path folder) {
        return JsonMapper.shared().readTree(folder.resolve("golden.json"));
    }

    private static int[] ints(JsonNode array) {
        int[] ints = new int[array.size()];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = array.get(i).asInt();
        }
        return ints;
    }
}
