package dev.cairn.text.tokenizer;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/** Tokenizers and texts that several tests need. */
public final class TestTokenizers {
    /** The folder of GPT-NeoX's and Pythia's tokenizer, byte-level BPE, and its goldens. */
    public static final Path GPT_NEOX = Path.of("core/src/test/resources/gpt-neox-20b");

    /** The folder of a small Llama with a SentencePiece vocabulary, and its goldens. */
    public static final Path STORIES_260K = Path.of("core/src/test/resources/stories260K");

    /** Letters, spaces, line breaks, accents, CJK, emoji, combining and invisible characters. */
    private static final int[] CODE_POINTS =
            "abcdeTHE   \n\n\t\r.,!?'019_<|>éßñœ—“”½Ωжשع中文字の🦙🐄👩\u200d\u0301\u00a0\u0085\u2028\uFEFF\u0000"
                    .codePoints()
                    .toArray();

    private TestTokenizers() {}

    /** Trains a vocabulary of 340 tokens on a few sentences and loads it. */
    public static Tokenizer tiny(Path directory) {
        tinyVocabulary().writeTo(directory);
        return Tokenizer.load(directory);
    }

    static BpeVocabulary tinyVocabulary() {
        BpeTrainer trainer = BpeTrainer.of(340, List.of(BpeTrainer.END_OF_TEXT, "<|padding|>"));
        trainer.add("Ann went to the kitchen. She took the milk and went to the garden.");
        trainer.add(
                "It's where the cow's been: the café — “naïve” cows don't drink 12 litres 🐄🐄.");
        trainer.add("Where is the milk?\n\nThe milk is in the garden, they'll say.\n");
        return trainer.train();
    }

    public static String randomText(SplittableRandom random, int maxCodePoints) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(maxCodePoints + 1);
        for (int i = 0; i < length; i++) {
            text.appendCodePoint(CODE_POINTS[random.nextInt(CODE_POINTS.length)]);
        }
        return text.toString();
    }

    /** A file of the folder {@code shared} beside the project; without it, the test is skipped. */
    public static Path shared(String path) {
        Path file = Path.of("../shared").resolve(path);
        assumeTrue(Files.exists(file), "lacks ../shared/" + path);
        return file;
    }
}
