package dev.cairn.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.support.AtomicFiles;
import dev.cairn.text.ChatMessage;
import dev.cairn.text.template.ChatTemplate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Damaged and unusual tokenizers. Every file here is harmless: the native library would read it, or
 * refuse it with an ordinary error. What it must not get is refused by the same rules.
 */
class TokenizerDamageTest {
    /** A version of the format that the native library refuses before it reads anything else. */
    private static final String NO_VERSION = "{\"version\":\"none\",";

    @TempDir Path directory;
    private Path file;
    private String json;

    @BeforeEach
    void tiny() throws IOException {
        TestTokenizers.tiny(directory);
        file = directory.resolve("tokenizer.json");
        json = Files.readString(file);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "normalizer | {'type':'Replace','pattern':{'Regex':'(a{1,2}){1,2}'},'content':'x'} | normalizer.pattern",
                "normalizer | {'type':'Replace','pattern':{'String':[]},'content':'x'} | normalizer.pattern",
                "normalizer | {'type':'Replace','pattern':{'String':'a'},'content':'LONG'} | normalizer.content",
                "normalizer | {'type':'Prepend','prepend':'LONG'} | normalizer.content",
                "normalizer | {'type':'Sequence','normalizers':[{'type':'Precompiled'}]} | normalizer.normalizers[0].type",
                "normalizer | {'type':'Sequence','normalizers':[{'type':'Replace','pattern':{'String':'a'},'content':'aaaaaaaaaa'},{'type':'Replace','pattern':{'String':'a'},'content':'aaaaaaaaaa'}]} | normalizer.normalizers[1].content",
                "normalizer | 7 | normalizer.type",
                "pre_tokenizer | {'type':'FixedLength','length':5} | pre_tokenizer.type",
                "pre_tokenizer | {'type':'Split','pattern':{'Regex':'a{1,2}a{1,2}b'},'behavior':'Isolated','invert':false} | pre_tokenizer.pattern",
                "decoder | {'type':'Strip','content':'a','start':0,'stop':-1} | decoder.stop",
                "decoder | {'type':'CTC'} | decoder.type",
                "model | {'type':'BPE','vocab':{'a':0},'merges':[],'continuing_subword_prefix':'##'} | model.continuing_subword_prefix",
                "model | {'type':'BPE','vocab':{'a':0},'merges':[],'end_of_word_suffix':'</w>'} | model.end_of_word_suffix",
                "model | {'type':'BPE','vocab':{'a':-1},'merges':[]} | model.vocab has an id",
                "model | {'type':'BPE','vocab':{'a':1000000000000000000},'merges':[]} | model.vocab has an id",
                "model | {'type':'BPE','vocab':{'a':1e99},'merges':[]} | model.vocab has an id",
                "model | {'type':'none','vocab':{'a':5,'b':5},'merges':[]} | id 5 belongs to two tokens",
                "model | {'type':'BPE','vocab':{'a':5},'merges':['q w']} | out of vocabulary",
                "model | {'type':'BPE','vocab':[],'merges':[]} | model.vocab",
                "model | {} | model.vocab"
            })
    void aPartThatCannotBeIsNamed(String key, String value, String message) {
        ObjectNode root = (ObjectNode) JsonMapper.shared().readTree(json);
        String text = value.replace('\'', '"').replace("LONG", "x".repeat(65));
        root.set(key, JsonMapper.shared().readTree(text));
        if (key.equals("model")) {
            root.putArray("added_tokens");
        }
        AtomicFiles.writeString(file, root.toString());
        assertThatThrownBy(() -> Tokenizer.load(directory))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void anIdAtTheLimitIsRefused() {
        AtomicFiles.writeString(
                file, "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0,\"b\":2},\"merges\":[]}}");

        assertThat(TokenizerFile.read(file, 3).vocabSize()).isEqualTo(3);
        assertThatThrownBy(() -> TokenizerFile.read(file, 2))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining("model.vocab has an id that is not a number from 0 to 1: 2")
                .hasMessageNotContaining("\n");
    }

    /** Just deeper than the limit, and valid otherwise. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"[ | ] | 100", "{\"a\": | } | 100", "{\"a\":{\"b\":[ | ]}} | 34"})
    void deepNestingIsAnError(String open, String close, int times) {
        AtomicFiles.writeString(
                file, "{\"deep\":" + open.repeat(times) + "1" + close.repeat(times) + "}");
        assertThatThrownBy(() -> Tokenizer.load(directory))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("not valid JSON");
    }

    @Test
    void aTextWithoutTokensForItIsAnError() {
        AtomicFiles.writeString(
                file,
                "{\"model\":{\"type\":\"WordLevel\",\"unk_token\":\"[UNK]\",\"vocab\":{\"a\":0}}}");
        Tokenizer tokenizer = Tokenizer.load(directory);
        assertThatThrownBy(() -> tokenizer.encode("zzz"))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("[UNK]");
    }

    @Test
    void anUnknownVersionIsAnErrorOfTheLibrary() {
        AtomicFiles.writeString(file, harmless(json));
        assertThatThrownBy(() -> Tokenizer.load(directory))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining("version")
                .hasMessageNotContaining("\n");
    }

    /** Bytes lost, changed or swapped: read as something, or refused in one line. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void damagedBytesNeverDoMoreThanAnError(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] whole = harmless(json).getBytes(StandardCharsets.UTF_8);
        int from = NO_VERSION.length();
        int refused = 0;
        for (int i = 0; i < 60; i++) {
            int length = random.nextInt(4) == 0 ? random.nextInt(from, whole.length) : whole.length;
            byte[] bytes = Arrays.copyOf(whole, length);
            for (int n = random.nextInt(4); n > 0 && length > from; n--) {
                bytes[random.nextInt(from, length)] = (byte) random.nextInt(256);
            }
            Files.write(file, bytes);
            refused += isReadable() ? 0 : 1;
        }
        assertThat(refused).as("some are refused, some are read").isStrictlyBetween(0, 60);
    }

    /** Valid JSON with values that do not belong where they are. */
    @ParameterizedTest
    @ValueSource(longs = {4, 5, 6})
    void misplacedValuesNeverDoMoreThanAnError(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        int refused = 0;
        for (int i = 0; i < 60; i++) {
            ObjectNode root = (ObjectNode) JsonMapper.shared().readTree(json);
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                mutate(root, random);
            }
            Files.writeString(file, harmless(root.toString()));
            refused += isReadable() ? 0 : 1;
        }
        assertThat(refused).as("some are refused, some are read").isStrictlyBetween(0, 60);
    }

    /** The file beside it likewise: chat template and special tokens. */
    @Test
    @Tag("long")
    void aDamagedConfigNeverDoesMoreThanAnError() {
        String config =
                "{\"bos_token\":\"<s>\",\"eos_token\":{\"content\":\"</s>\"},\"chat_template\":"
                        + "\"{% for m in messages %}{{ m['role'] + m.content | trim }}{% if loop.last %}{{ eos_token }}{% endif %}{% endfor %}\"}";
        SplittableRandom random = new SplittableRandom(7);
        int rendered = 0;
        for (int i = 0; i < 2000; i++) {
            StringBuilder damaged = new StringBuilder(config);
            for (int n = random.nextInt(3); n >= 0; n--) {
                damaged.setCharAt(
                        random.nextInt(config.length()), (char) (' ' + random.nextInt(95)));
            }
            AtomicFiles.writeString(directory.resolve("tokenizer_config.json"), damaged.toString());
            try {
                rendered +=
                        ChatTemplate.load(directory)
                                        .map(t ->
                                                t.render(
                                                        java.util.List.of(
                                                                new ChatMessage("user", "x")),
                                                        true))
                                        .isPresent()
                                ? 1
                                : 0;
            } catch (CairnException e) {
                assertThat(e.getMessage()).doesNotContain("\n");
            }
        }
        assertThat(rendered).as("some survive").isBetween(100, 1900);
    }

    /** The same file with a version that the native library refuses, whatever follows. */
    private static String harmless(String json) {
        ObjectNode root = (ObjectNode) JsonMapper.shared().readTree(json);
        root.remove("version");
        return NO_VERSION + root.toString().substring(1);
    }

    /** Reads the file without the native library. */
    private boolean isReadable() {
        try {
            assertThat(TokenizerFile.read(directory).vocabSize()).isPositive();
            return true;
        } catch (CairnException e) {
            assertThat(e.getMessage()).startsWith(file.toString()).doesNotContain("\n");
            return false;
        }
    }

    private static void mutate(ObjectNode root, SplittableRandom random) {
        JsonNode at = root;
        while (true) {
            JsonNode next = child(at, random);
            if (next == null || !next.isContainer() || next.isEmpty() || random.nextInt(3) == 0) {
                break;
            }
            at = next;
        }
        JsonNode value = value(random);
        if (at instanceof ObjectNode object) {
            String key =
                    object.propertyNames().stream()
                            .skip(random.nextInt(object.size()))
                            .findFirst()
                            .orElseThrow();
            switch (random.nextInt(3)) {
                case 0 -> object.remove(key);
                case 1 -> object.set(key, value);
                default -> object.set(key + "x", object.path(key).deepCopy());
            }
        } else if (at instanceof ArrayNode array) {
            int i = random.nextInt(array.size());
            switch (random.nextInt(3)) {
                case 0 -> array.remove(i);
                case 1 -> array.set(i, value);
                default -> array.add(array.get(i).deepCopy());
            }
        }
    }

    private static @org.jspecify.annotations.Nullable JsonNode child(
            JsonNode node, SplittableRandom random) {
        return node.isEmpty()
                ? null
                : node.valueStream().skip(random.nextInt(node.size())).findFirst().orElse(null);
    }

    private static JsonNode value(SplittableRandom random) {
        String[] values = {
            "null",
            "true",
            "-1",
            "0",
            "7",
            "0.5",
            "\"a\"",
            "[]",
            "{}",
            "[[]]",
            "{\"type\":\"ByteLevel\"}",
            "{\"type\":\"Sequence\"}"
        };
        return JsonMapper.shared().readTree(values[random.nextInt(values.length)]);
    }
}
