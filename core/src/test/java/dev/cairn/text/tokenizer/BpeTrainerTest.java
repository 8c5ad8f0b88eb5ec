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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BpeTrainerTest {
    private static final List<String> SPECIALS = List.of(BpeTrainer.END_OF_TEXT);

    @TempDir Path directory;

    @Test
    void learnsTheMergesOfTheReference() throws IOException {
        Path oracle = TestTokenizers.shared("data/tokenizers/bpe_training_oracle");
        BpeTrainer trainer = BpeTrainer.of(500, SPECIALS);
        trainer.add(Files.readString(oracle.resolve("corpus.en")));
        BpeVocabulary vocabulary = trainer.train();

        assertThat(vocabulary.merges().stream().map(m -> m.left() + " " + m.right()))
                .containsExactlyElementsOf(
                        Files.readAllLines(oracle.resolve("train-bpe-reference-merges.txt")));
        JsonNode reference =
                JsonMapper.builder()
                        .build()
                        .readTree(
                                Files.readString(oracle.resolve("train-bpe-reference-vocab.json")));
        List<String> tokens = vocabulary.tokens();
        assertThat(reference.size()).isEqualTo(tokens.size());
        reference
                .properties()
                .forEach(e -> assertThat(tokens.get(e.getValue().asInt())).isEqualTo(e.getKey()));
    }

    @Test
    void mergesTheMostFrequentPairAndOfEqualsTheGreater() {
        BpeTrainer trainer = BpeTrainer.of(257 + 3, SPECIALS);
        // hug 3, pug 3, bun 2: ug 6 first; then pug and hug tie at 3 and p > h; then hug.
        trainer.add("hug<|endoftext|>hug<|endoftext|>hug<|endoftext|>pug<|endoftext|>pug");
        trainer.add("pug");
        trainer.add("bun");
        trainer.add("bun");
        assertThat(trainer.train().merges())
                .containsExactly(
                        new BpeVocabulary.Merge("u", "g"),
                        new BpeVocabulary.Merge("p", "ug"),
                        new BpeVocabulary.Merge("h", "ug"));
    }

    @Test
    void specialTokensInTheTextAreNotLearned() {
        BpeTrainer trainer = BpeTrainer.of(258, SPECIALS);
        trainer.add("<|endoftext|>".repeat(100) + "ab");
        assertThat(trainer.train().merges()).containsExactly(new BpeVocabulary.Merge("a", "b"));
    }

    @Test
    void repeatedLettersMayReachOneTokenTwice() {
        BpeTrainer trainer = BpeTrainer.of(270, SPECIALS);
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < 200; i++) {
            trainer.add("b".repeat(random.nextInt(2)) + "a".repeat(1 + random.nextInt(40)));
        }
        BpeVocabulary vocabulary = trainer.train();
        assertThat(vocabulary.tokens()).hasSize(270).doesNotHaveDuplicates();
        vocabulary.writeTo(directory);
        assertEncodesAsMergesImply(vocabulary, Tokenizer.load(directory), "baaaaaaa aaaaaaaaaaaa");
    }

    @Test
    void encodesAsItsMergesImplyAndDecodesBack() {
        BpeVocabulary vocabulary = TestTokenizers.tinyVocabulary();
        vocabulary.writeTo(directory);
        Tokenizer tokenizer = Tokenizer.load(directory);
        assertThat(tokenizer.vocabSize()).isEqualTo(340);
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < 500; i++) {
            String text = TestTokenizers.randomText(random, 60);
            assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
            assertEncodesAsMergesImply(vocabulary, tokenizer, text);
        }
        assertEncodesAsMergesImply(vocabulary, tokenizer, "The cow's in the  kitchen, isn't it?");
    }

    @Test
    void trainingIsTheSameWhateverTheOrder() {
        List<String> texts = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 100; i++) {
            texts.add(TestTokenizers.randomText(random, 80));
        }
        assertThat(train(texts.reversed())).isEqualTo(train(texts));
    }

    @Test
    void writesAConfigThatNamesTheEndOfText() throws IOException {
        TestTokenizers.tinyVocabulary().writeTo(directory.resolve("new/model"));
        JsonNode config =
                JsonMapper.builder()
                        .build()
                        .readTree(
                                Files.readString(
                                        directory.resolve("new/model/tokenizer_config.json")));
        assertThat(config.path("eos_token").asString()).isEqualTo("<|endoftext|>");
        try (var files = Files.list(directory.resolve("new/model"))) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void refusesSizesThatCannotBe() {
        assertThatThrownBy(() -> BpeTrainer.of(256, SPECIALS))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        "vocab_size: expected at least 257 (256 bytes and 1 special tokens), found"
                                + " 256");
        BpeTrainer trainer = BpeTrainer.of(1000, SPECIALS);
        trainer.add("abc");
        assertThatThrownBy(trainer::train)
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("too small for 1000 tokens; they yield only 259");
    }

    @Test
    void refusesSpecialTokensThatCouldBeText() {
        for (List<String> specials :
                List.of(List.<String>of(), List.of(""), List.of("!"), List.of("<a>", "<a>"))) {
            assertThatThrownBy(() -> BpeTrainer.of(300, specials))
                    .isInstanceOf(CairnException.class)
                    .hasMessageContaining("special tokens");
        }
    }

    private static BpeVocabulary train(List<String> texts) {
        BpeTrainer trainer = BpeTrainer.of(320, SPECIALS);
        texts.forEach(trainer::add);
        return trainer.train();
    }

    private static void assertEncodesAsMergesImply(
            BpeVocabulary vocabulary, Tokenizer tokenizer, String text) {
        List<String> tokens = vocabulary.tokens();
        assertThat(Arrays.stream(tokenizer.encode(text)).mapToObj(tokens::get).toList())
                .as(text)
                .isEqualTo(naiveEncode(vocabulary, text));
    }

    /** By the definition: within each word, apply the merges one after the other. */
    private static List<String> naiveEncode(BpeVocabulary vocabulary, String text) {
        Matcher words =
                Pattern.compile(
                                "'(?:[stmd]|re|ve|ll)"
                                        + "|\\x20?(?:\\p{L}+|\\p{N}+|[^\\p{IsWhite_Space}\\p{L}\\p{N}]+)"
                                        + "|\\p{IsWhite_Space}+(?!\\P{IsWhite_Space})"
                                        + "|\\p{IsWhite_Space}+")
                        .matcher(text);
        List<String> encoded = new ArrayList<>();
        while (words.find()) {
            List<String> word =
                    new ArrayList<>(
                            Arrays.asList(ByteAlphabet.spell(words.group()).split("(?<=.)")));
            for (BpeVocabulary.Merge merge : vocabulary.merges()) {
                for (int i = 0; i + 1 < word.size(); i++) {
                    if (word.get(i).equals(merge.left()) && word.get(i + 1).equals(merge.right())) {
                        word.set(i, merge.left() + merge.right());
                        word.remove(i + 1);
                    }
                }
            }
            encoded.addAll(word);
        }
        return encoded;
    }
}
