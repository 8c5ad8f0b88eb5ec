package dev.cairn.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.format.GgufValue;
import dev.cairn.format.GgufWriter;
import dev.cairn.text.tokenizer.TestTokenizers;
import dev.cairn.text.tokenizer.Tokenizer;
import dev.cairn.text.tokenizer.ggml.GgmlVocabulary;
import dev.cairn.text.tokenizer.ggml.GgmlVocabulary.TokenType;
import dev.cairn.text.tokenizer.ggml.PreTokenizer;
import dev.cairn.text.tokenizer.ggml.SentencePieceMerges;
import dev.cairn.text.tokenizer.ggml.VocabularyKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class GgmlVocabularyTest {
    private static final Path PEBBLE = Path.of("models/pebble");
    private static final int SIZE = Tokenizer.load(PEBBLE).vocabSize();

    @TempDir Path directory;

    @Test
    void theBundledTokenizerIsGpt2s() {
        GgmlVocabulary vocabulary = GgmlVocabularyReader.read(PEBBLE, SIZE + 2);

        assertThat(vocabulary.model()).isEqualTo("gpt2");
        assertThat(vocabulary.pre()).isEqualTo("gpt-2");
        assertThat(vocabulary.tokens()).hasSize(SIZE + 2).startsWith("<|endoftext|>", "!", "\"");
        assertThat(vocabulary.tokens()).endsWith("[PAD" + SIZE + "]", "[PAD" + (SIZE + 1) + "]");
        assertThat(vocabulary.types()[0]).isEqualTo(TokenType.CONTROL.id());
        assertThat(vocabulary.types()[1]).isEqualTo(TokenType.NORMAL.id());
        assertThat(vocabulary.types()[SIZE + 1]).isEqualTo(TokenType.UNUSED.id());
        assertThat(vocabulary.bos()).isZero();
        assertThat(vocabulary.eos()).isZero();
        assertThat(vocabulary.padding()).isNull();
        assertThat(vocabulary.addBos()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void everyKnownWayToCutTextIsRecognisedAndComesBack(PreTokenizer pre) throws IOException {
        Path there =
                changed(
                        "there",
                        tokenizer -> {
                            pre.describe(tokenizer);
                            model(tokenizer).put("ignore_merges", pre.ignoresMerges());
                        });
        GgmlVocabulary vocabulary = GgmlVocabularyReader.read(there, SIZE);
        vocabulary.writeTo(directory.resolve("back"), there);

        assertThat(vocabulary.pre()).isEqualTo(pre.ggmlName());
        assertSameTokens(there, directory.resolve("back"));
        GgmlVocabulary again = GgmlVocabularyReader.read(directory.resolve("back"), SIZE);
        assertThat(again).usingRecursiveComparison().isEqualTo(vocabulary);
    }

    @Test
    void pythiasTokenizerComesBack() throws IOException {
        Path original = TestTokenizers.GPT_NEOX.resolve("tokenizer.json");
        Files.copy(original, directory.resolve("tokenizer.json"));

        GgmlVocabulary vocabulary = GgmlVocabularyReader.read(directory, 50432);
        vocabulary.writeTo(directory.resolve("back"), original);

        assertThat(vocabulary.pre()).isEqualTo("olmo");
        assertThat(vocabulary.types()[50276]).isEqualTo(TokenType.USER_DEFINED.id());
        assertThat(vocabulary.types()[50277]).isEqualTo(TokenType.UNUSED.id());
        assertSameTokens(directory, directory.resolve("back"));
    }

    @Test
    void aSentencePieceVocabularyComesBack() {
        Path original = TestTokenizers.STORIES_260K;

        GgmlVocabulary vocabulary = GgmlVocabularyReader.read(original, 512);
        vocabulary.writeTo(directory, original);

        assertThat(vocabulary.model()).isEqualTo("llama");
        assertThat(vocabulary.addBos()).isTrue();
        assertThat(vocabulary.addSpacePrefix()).isTrue();
        assertThat(vocabulary.types()[0]).isEqualTo(TokenType.UNKNOWN.id());
        assertThat(vocabulary.types()[3]).isEqualTo(TokenType.BYTE.id());
        assertSameTokens(original, directory);
        assertThat(GgmlVocabularyReader.read(directory, 512).addBos()).isTrue();
    }

    private static void assertSameTokens(Path one, Path other) {
        Tokenizer before = Tokenizer.load(one);
        Tokenizer after = Tokenizer.load(other);
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 200; round++) {
            String text = TestTokenizers.randomText(random, 40);
            int[] tokens = before.encode(text);
            assertThat(after.encode(text)).as(text).isEqualTo(tokens);
            assertThat(after.decode(tokens)).isEqualTo(before.decode(tokens));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\": \"ByteLevel\", \"add_prefix_space\": true}",
                "{\"type\": \"Whitespace\"}",
                "{\"type\": \"Split\", \"pattern\": {\"Regex\": \"x\"}, \"behavior\": \"Isolated\"}",
                "{\"type\": \"Sequence\", \"pretokenizers\": [{\"type\": \"Digits\","
                        + " \"individual_digits\": false}, {\"type\": \"ByteLevel\","
                        + " \"add_prefix_space\": false}]}",
                "null"
            })
    void anUnknownWayToCutTextIsAnError(String json) throws IOException {
        Path path = changed("bad", t -> t.set("pre_tokenizer", JsonMapper.shared().readTree(json)));

        assertThatThrownBy(() -> GgmlVocabularyReader.read(path, SIZE))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(path.resolve("tokenizer.json") + ": ")
                .hasMessageContaining("llama.cpp has no name for its combination of normalizer");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "normalizer     | {'type':'Lowercase'} | llama.cpp has no name for its combination of normalizer",
                "post_processor | {'type':'RobertaProcessing'} | RobertaProcessing, which GGUF",
                "post_processor | {'type':'TemplateProcessing','single':[{'SpecialToken':{'id':'!'}},{'Sequence':{'id':'A'}}]}"
                        + " | puts '!' where GGUF can only put the bos token",
                "model          | {'type':'Unigram','vocab':[['<\\u007cendoftext\\u007c>',0.0]]} | model, expected BPE",
                "added_tokens   | [{'id':0,'content':'<\\u007cendoftext\\u007c>','lstrip':true}] | has lstrip",
            })
    void whatGgufCannotSayIsAnError(String key, String json, String complaint) throws IOException {
        JsonNode value = JsonMapper.shared().readTree(json.replace('\'', '"'));
        Path path = changed("bad", tokenizer -> tokenizer.set(key, value));

        assertThatThrownBy(() -> GgmlVocabularyReader.read(path, SIZE))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining(complaint);
    }

    @Test
    void aVocabularyLargerThanTheModelIsAnError() {
        assertThatThrownBy(() -> GgmlVocabularyReader.read(PEBBLE, SIZE - 1))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining(SIZE + " tokens, but the model has " + (SIZE - 1));
    }

    @Test
    void mergesThatNoScoresStandForAreAnError() {
        SentencePieceMerges.Pair ab = new SentencePieceMerges.Pair("a", "b");
        SentencePieceMerges.Pair bc = new SentencePieceMerges.Pair("b", "c");
        SentencePieceMerges.Pair abThenC = new SentencePieceMerges.Pair("ab", "c");
        SentencePieceMerges.Pair aThenBc = new SentencePieceMerges.Pair("a", "bc");
        Set<String> tokens = Set.of("a", "b", "c", "ab", "bc", "abc");

        // SentencePiece would make abc of a and bc too.
        assertThat(SentencePieceMerges.scores(List.of(ab, bc, abThenC), tokens)).isEmpty();
        // It has one score for abc, which is either above or below that of bc.
        assertThat(SentencePieceMerges.scores(List.of(ab, abThenC, bc, aThenBc), tokens)).isEmpty();
        assertThat(SentencePieceMerges.scores(List.of(ab, bc, abThenC, aThenBc), tokens))
                .contains(Map.of("ab", 0f, "bc", -1f, "abc", -2f));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pre    | tokenizer.ggml.pre': expected one of [gpt-2, olmo, ",
                "model  | tokenizer.ggml.model': expected gpt2 or llama, found 'bert'",
                "types  | tokenizer.ggml.token_type': expected SIZE numbers, found 1",
                "eos    | tokenizer.ggml.eos_token_id': expected a token id below SIZE, found SIZE",
                "bos    | tokenizer.ggml.bos_token_id': expected a token id below SIZE, found null",
                "merges | tokenizer.ggml.merges': expected two tokens with a space",
                "twins  | tokenizer.ggml.tokens[LAST]': expected a string other than that of tokens[0]",
                "long   | tokenizer.ggml.tokens[LAST]': expected 1 to 1024 characters, found 2000",
            })
    void aDamagedVocabularyIsAnError(String what, String complaint) {
        GgmlVocabulary good = GgmlVocabularyReader.read(PEBBLE, SIZE);
        List<String> tokens = new ArrayList<>(good.tokens());
        if (what.equals("twins")) {
            tokens.set(SIZE - 1, tokens.get(0));
        } else if (what.equals("long")) {
            tokens.set(SIZE - 1, "a".repeat(2000));
        }
        GgmlVocabulary bad =
                new GgmlVocabulary(
                        what.equals("model") ? "bert" : good.model(),
                        what.equals("pre") ? "mistral" : good.pre(),
                        tokens,
                        what.equals("types") ? new int[1] : good.types(),
                        what.equals("merges") ? List.of("ab") : good.merges(),
                        good.scores(),
                        what.equals("bos") ? null : good.bos(),
                        what.equals("eos") ? Integer.valueOf(SIZE) : good.eos(),
                        null,
                        null,
                        true,
                        false,
                        false,
                        null);

        assertThatThrownBy(() -> bad.writeTo(directory, Path.of("x.gguf")))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith("x.gguf: key '")
                .hasMessageContaining(
                        complaint
                                .replace("SIZE", Integer.toString(SIZE))
                                .replace("LAST", Integer.toString(SIZE - 1)));
    }

    @Test
    void aChatTemplateComesAlong() throws IOException {
        Path there = changed("there", tokenizer -> {});
        Files.writeString(
                there.resolve("tokenizer_config.json"),
                "{\"chat_template\": [{\"name\": \"default\", \"template\": \"{{ x }}\"}]}");
        GgmlVocabulary vocabulary = GgmlVocabularyReader.read(there, SIZE);
        vocabulary.writeTo(directory.resolve("back"), there);

        assertThat(vocabulary.chatTemplate()).isEqualTo("{{ x }}");
        assertThat(GgmlVocabularyReader.read(directory.resolve("back"), SIZE).chatTemplate())
                .isEqualTo("{{ x }}");

        Files.writeString(there.resolve("chat_template.jinja"), "{{ y }}");
        assertThat(GgmlVocabularyReader.read(there, SIZE).chatTemplate()).isEqualTo("{{ y }}");
    }

    private static ObjectNode model(ObjectNode tokenizer) {
        return (ObjectNode) tokenizer.path("model");
    }

    /** The bundled tokenizer with something else about it. */
    private Path changed(String name, Consumer<ObjectNode> change) throws IOException {
        ObjectNode tokenizer =
                (ObjectNode)
                        JsonMapper.shared()
                                .readTree(Files.readString(PEBBLE.resolve("tokenizer.json")));
        change.accept(tokenizer);
        Path path = Files.createDirectories(directory.resolve(name));
        Files.writeString(path.resolve("tokenizer.json"), tokenizer.toString());
        Files.copy(PEBBLE.resolve("tokenizer_config.json"), path.resolve("tokenizer_config.json"));
        return path;
    }

    /** Ollama's converter writes out what is off, and the one end token as a list too. */
    @Test
    void settingsThatAreOffAreReadAndOthersRefusedByName() {
        Path file = directory.resolve("vocabulary.gguf");
        Map<String, GgufValue> keys =
                VocabularyKeys.write(GgmlVocabularyReader.read(TestTokenizers.STORIES_260K, 512));
        for (String off :
                List.of(
                        "add_padding_token",
                        "add_unknown_token",
                        "add_mask_token",
                        "add_cls_token",
                        "add_seperator_token",
                        "add_sep_token",
                        "remove_extra_whitespaces")) {
            keys.put("tokenizer.ggml." + off, new GgufValue.Flag(false));
        }
        keys.put("tokenizer.ggml.eos_token_ids", new GgufValue.Int32s(new int[] {2}));
        GgufWriter.write(file, keys, List.of());
        VocabularyKeys.read(file).writeTo(directory, file);
        assertSameTokens(TestTokenizers.STORIES_260K, directory);

        for (String on : List.of("add_mask_token", "remove_extra_whitespaces", "new_setting")) {
            Map<String, GgufValue> changed = new TreeMap<>(keys);
            changed.put("tokenizer.ggml." + on, new GgufValue.Flag(true));
            GgufWriter.write(file, changed, List.of());
            assertThatThrownBy(() -> VocabularyKeys.read(file))
                    .isInstanceOf(CairnException.class)
                    .hasMessageContaining(
                            "key 'tokenizer.ggml.%s': a tokenizer setting".formatted(on));
        }
    }
}
