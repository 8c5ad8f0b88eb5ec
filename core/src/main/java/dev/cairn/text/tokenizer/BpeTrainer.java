package dev.cairn.text.tokenizer;

import dev.cairn.CairnException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Learns a byte-level BPE vocabulary from texts (Sennrich et al. 2016, on bytes as in GPT-2). Texts
 * are split into words by GPT-2's pattern; then the most frequent pair of adjacent tokens within
 * words is merged into a new token, repeatedly.
 *
 * <p>The result depends on the words and how often they occur, not on their order: among equally
 * frequent pairs, the one with the greater left bytes wins (compared as unsigned bytes), then the
 * one with the greater right bytes.
 */
public final class BpeTrainer {
    /** The end-of-text token of the vocabularies trained here. */
    public static final String END_OF_TEXT = "<|endoftext|>";

    private static final Pattern WORDS =
            Pattern.compile(
                    "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
                    Pattern.UNICODE_CHARACTER_CLASS);

    private final int vocabSize;
    private final List<String> specialTokens;
    private final Pattern specials;
    private final Map<String, Long> words = new HashMap<>();

    private BpeTrainer(int vocabSize, List<String> specialTokens) {
        this.vocabSize = vocabSize;
        this.specialTokens = specialTokens;
        this.specials =
                Pattern.compile(
                        specialTokens.stream()
                                .map(Pattern::quote)
                                .collect(Collectors.joining("|")));
    }

    /**
     * A trainer that has seen no text yet.
     *
     * @param vocabSize final number of tokens, including the special tokens and the 256 bytes
     * @param specialTokens tokens that get the first ids, from 0, and never take part in merges;
     *     the first one ends a text, usually {@link #END_OF_TEXT}
     */
    public static BpeTrainer of(int vocabSize, List<String> specialTokens) {
        if (specialTokens.isEmpty()
                || !specialTokens.stream().allMatch(s -> s.matches("[!-~]{2,}"))
                || new HashSet<>(specialTokens).size() < specialTokens.size()) {
            throw new CairnException(
                    "special tokens: expected at least one, all different, each of two or more"
                            + " printable ASCII characters without spaces, found "
                            + specialTokens);
        }
        int smallest = specialTokens.size() + ByteAlphabet.SIZE;
        if (vocabSize < smallest) {
            throw new CairnException(
                    "vocab_size: expected at least "
                            + smallest
                            + " (256 bytes and "
                            + specialTokens.size()
                            + " special tokens), found "
                            + vocabSize);
        }
        return new BpeTrainer(vocabSize, List.copyOf(specialTokens));
    }

    /** Counts the words of one text. Special tokens in it separate words and are not learned. */
    public void add(String text) {
        for (String part : specials.split(text, -1)) {
            Matcher matcher = WORDS.matcher(part);
            while (matcher.find()) {
                words.merge(matcher.group(), 1L, Long::sum);
            }
        }
    }

    /**
     * Trains the vocabulary.
     *
     * @throws CairnException if the texts have too few different pairs for the vocabulary size
     */
    public BpeVocabulary train() {
        List<Integer> bytes = ByteAlphabet.bytesBySpelling();
        List<byte[]> tokens = new ArrayList<>();
        int[] tokenOfByte = new int[ByteAlphabet.SIZE];
        for (int b : bytes) {
            tokenOfByte[b] = tokens.size();
            tokens.add(new byte[] {(byte) b});
        }
        PairCounts pairs = new PairCounts(tokens);
        words.forEach((word, count) -> pairs.add(split(word, tokenOfByte), count));
        List<BpeVocabulary.Merge> merges = new ArrayList<>();
        while (specialTokens.size() + tokens.size() < vocabSize) {
            merges.add(next(pairs, tokens));
        }
        return new BpeVocabulary(specialTokens, merges);
    }

    private static int[] split(String word, int[] tokenOfByte) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        int[] symbols = new int[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            symbols[i] = tokenOfByte[bytes[i] & 0xFF];
        }
        return symbols;
    }

    private BpeVocabulary.Merge next(PairCounts pairs, List<byte[]> tokens) {
        PairCounts.Pair best = pairs.mostFrequent();
        if (best == null) {
            throw new CairnException(
                    "vocab_size: the texts are too small for "
                            + vocabSize
                            + " tokens; they yield only "
                            + (specialTokens.size() + tokens.size())
                            + "; add text or lower vocab_size");
        }
        BpeVocabulary.Merge merge =
                new BpeVocabulary.Merge(
                        spell(tokens.get(best.left())), spell(tokens.get(best.right())));
        pairs.merge(best);
        return merge;
    }

    private static String spell(byte[] bytes) {
        StringBuilder spelled = new StringBuilder();
        for (byte b : bytes) {
            spelled.append(ByteAlphabet.spell(b & 0xFF));
        }
        return spelled.toString();
    }
}
