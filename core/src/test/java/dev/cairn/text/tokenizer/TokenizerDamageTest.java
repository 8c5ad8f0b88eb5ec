package dev.cairn.text.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.support.AtomicFiles;
import dev.cairn.CairnException;
import dev.cairn.text.ChatMessage;
import dev.cairn.text.template.ChatTemplate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
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
 * Damaged and hostile tokenizers. Most of the files here end the whole process when the native
 * library gets them: that this class comes to its end is part of what it shows.
 */
class TokenizerDamageTest {
    private static final String TEXT =
            "Where is the milk? \uD83D\uDC04 <|endoftext|>" + "a".repeat(3000) + " ".repeat(3000);

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
                "normalizer | {'type':'Replace','pattern':{'Regex':'(a+)+$'},'content':'x'} | normalizer.pattern",
                "normalizer | {'type':'Replace','pattern':{'String':''},'content':'x'} | normalizer.pattern",
                "normalizer | {'type':'Sequence','normalizers':[{'type':'Precompiled','precompiled_charsmap':'AAAA'}]} | normalizer.normalizers[0].type",
                "normalizer | {'type':'Sequence','normalizers':[{'type':'Replace','pattern':{'String':'a'},'content':'aaaaaaaaaa'},{'type':'Replace','pattern':{'String':'a'},'content':'aaaaaaaaaa'}]} | normalizer.normalizers[1].content",
                "normalizer | 7 | normalizer.type",
                "pre_tokenizer | {'type':'FixedLength','length':0} | pre_tokenizer.type",
                "pre_tokenizer | {'type':'Split','pattern':{'Regex':'a*a*b'},'behavior':'Isolated','invert':false} | pre_tokenizer.pattern",
                "decoder | {'type':'Strip','content':'a','start':0,'stop':1000000000} | decoder.stop",
                "decoder | {'type':'CTC'} | decoder.type",
                "model | {'type':'BPE','vocab':{'a':0},'merges':[],'continuing_subword_prefix':'é'} | model.continuing_subword_prefix",
                "model | {'type':'BPE','vocab':{'a':20000000},'merges':[]} | model.vocab has an id",
                "model | {'type':'BPE','vocab':{'a':-1},'merges':[]} | model.vocab has an id",
                "model | {'type':'BPE','vocab':{'a':1000000000000000000},'merges':[]} | model.vocab has an id",
                "model | {'type':'BPE','vocab':{'a':1e99},'merges':[]} | model.vocab has an id",
                "model | {'type':'BPE','vocab':{'a':5,'b':5},'merges':[]} | id 5 belongs to two tokens",
                "model | {'type':'BPE','vocab':{'a':5},'merges':['q w']} | out of vocabulary",
                "model | {'type':'BPE','vocab':[],'merges':[]} | model.vocab",
                "model | {} | model.vocab"
            })
    void aPartThatCannotBeIsNamed(String key, String value, String message) {
        ObjectNode root = (ObjectNode) JsonMapper.shared().readTree(json);
        root.set(key, JsonMapper.shared().readTree(value.replace('\'', '"')));
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

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "{\"normalizer\":{\"normalizers\":["})
    void deepNestingIsAnErrorAndNoStackOverflow(String piece) {
        AtomicFiles.writeString(file, piece.repeat(100_000));
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

    /** Bytes lost, changed or swapped: read as something, or refused in one line. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void damagedBytesNeverDoMoreThanAnError(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 60; i++) {
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length;
            bytes = java.util.Arrays.copyOf(bytes, length);
            for (int n = random.nextInt(4); n > 0 && length > 0; n--) {
                bytes[random.nextInt(length)] = (byte) random.nextInt(256);
            }
            Files.write(file, bytes);
            use();
        }
    }

    /** Valid JSON with values that do not belong where they are. */
    @ParameterizedTest
    @ValueSource(longs = {4, 5, 6})
    void misplacedValuesNeverDoMoreThanAnError(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 60; i++) {
            ObjectNode root = (ObjectNode) JsonMapper.shared().readTree(json);
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                mutate(root, random);
            }
            Files.writeString(file, root.toString());
            use();
        }
    }

    /** The file beside it likewise: chat template and special tokens. */
    @Test
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

    private void use() {
        try {
            Tokenizer tokenizer = Tokenizer.load(directory);
            assertThat(tokenizer.vocabSize()).isPositive();
            tokenizer.decode(tokenizer.encode(TEXT));
        } catch (CairnException e) {
            assertThat(e.getMessage()).startsWith(file.toString()).doesNotContain("\n");
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
            "null", "true", "-1", "0", "2147483647", "2147483648", "1000000000000000000", "1e300",
            "0.5", "\"\"", "\"a\"", "\"\\u0000\"", "[]", "{}", "[[]]", "{\"type\":\"ByteLevel\"}",
            "{\"type\":\"Sequence\"}", "\"" + "x".repeat(5000) + "\""
        };
        return JsonMapper.shared().readTree(values[random.nextInt(values.length)]);
    }
}
