package dev.cairn.text;

import dev.cairn.CairnException;
import dev.cairn.support.BoundedMatch;
import dev.cairn.text.tokenizer.Texts;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * What a stage's text must look like. Nothing is asked of it where a value is null.
 *
 * @param maxTokens the most tokens it may have, as the stack's base counts them
 * @param pattern a regular expression that the whole text must match
 * @param oneOf the texts it may be
 * @param quotesInput so many words in a row must stand in the input too, whatever their case and
 *     the punctuation around them
 * @param retries how often a text that breaks the contract is asked for again
 */
public record Contract(
        @Nullable Integer maxTokens,
        @Nullable String pattern,
        @Nullable List<String> oneOf,
        @Nullable Integer quotesInput,
        int retries) {
    private static final int MAX_RETRIES = 100;

    /** Asks nothing of a text but that there is one; what is empty is asked for twice again. */
    public static final Contract NONE = new Contract(null, null, null, null, 2);

    public Contract {
        oneOf = oneOf == null ? null : List.copyOf(oneOf);
        atLeastOne("max_tokens", maxTokens);
        atLeastOne("quotes_input", quotesInput);
        if (retries < 0 || retries > MAX_RETRIES) {
            throw new CairnException(
                    "retries: expected 0 to %d, found %d".formatted(MAX_RETRIES, retries));
        }
        if (oneOf != null && oneOf.isEmpty()) {
            throw new CairnException("one_of: expected at least one text, found none");
        }
        checkPattern(pattern);
    }

    /** The same with at most so many tokens. */
    public Contract withMaxTokens(int tokens) {
        return new Contract(tokens, pattern, oneOf, quotesInput, retries);
    }

    /** The same with a regular expression that the whole text must match. */
    public Contract withPattern(String regex) {
        return new Contract(maxTokens, regex, oneOf, quotesInput, retries);
    }

    /** The same with a list of the texts it may be. */
    public Contract withOneOf(List<String> texts) {
        return new Contract(maxTokens, pattern, texts, quotesInput, retries);
    }

    /** The same with so many words in a row that must stand in the input too. */
    public Contract withQuotesInput(int words) {
        return new Contract(maxTokens, pattern, oneOf, words, retries);
    }

    /** The same with another number of times that a text is asked for again. */
    public Contract withRetries(int times) {
        return new Contract(maxTokens, pattern, oneOf, quotesInput, times);
    }

    private static void atLeastOne(String key, @Nullable Integer value) {
        if (value != null && value < 1) {
            throw new CairnException(key + ": expected at least 1, found " + value);
        }
    }

    private static void checkPattern(@Nullable String pattern) {
        try {
            if (pattern != null) {
                compiled(pattern);
            }
        } catch (PatternSyntaxException e) {
            throw new CairnException(
                    "pattern: expected a regular expression: " + Texts.oneLine(e), e);
        }
    }

    /**
     * What a text does that it must not, in words that are the same for every text that does it.
     *
     * @param text without white space around it
     * @param input what the user wrote
     * @param tokens counts tokens as the base does
     */
    public Optional<String> breach(String text, String input, ToIntFunction<String> tokens) {
        if (maxTokens != null && tokens.applyAsInt(text) > maxTokens) {
            return Optional.of("more than " + maxTokens + " tokens");
        }
        if (oneOf != null && !oneOf.contains(text)) {
            return Optional.of("not one of the list");
        }
        if (pattern != null && !isMatch(pattern, text)) {
            return Optional.of("does not match the pattern");
        }
        if (quotesInput != null && !Quotation.in(text, input, quotesInput)) {
            return Optional.of("does not quote the input");
        }
        return Optional.empty();
    }

    /** A dot stands for a line break too: a text may have several lines. */
    private static Pattern compiled(String pattern) {
        return Pattern.compile(pattern, Pattern.DOTALL);
    }

    private static boolean isMatch(String pattern, String text) {
        try {
            return BoundedMatch.matches(compiled(pattern), text);
        } catch (CairnException e) {
            return false; // a text that keeps the matcher busy for long is not what was wanted
        }
    }
}
