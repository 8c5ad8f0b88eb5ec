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
 * The conditions that a stage's text must meet. A null value sets no condition.
 *
 * @param maxTokens maximum length in tokens, as the stack's base counts them
 * @param pattern a regular expression that the whole text must match
 * @param oneOf the allowed texts
 * @param quotesInput how many consecutive words of the text must also be consecutive in the input;
 *     case and punctuation are ignored
 * @param retries how often the stage writes again after a text that breaks the contract
 */
public record Contract(
        @Nullable Integer maxTokens,
        @Nullable String pattern,
        @Nullable List<String> oneOf,
        @Nullable Integer quotesInput,
        int retries) {
    private static final int MAX_RETRIES = 100;

    /** Requires only that the text is not empty; allows two retries. */
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

    /** A copy with this maximum number of tokens. */
    public Contract withMaxTokens(int tokens) {
        return new Contract(tokens, pattern, oneOf, quotesInput, retries);
    }

    /** A copy with a regular expression that the whole text must match. */
    public Contract withPattern(String regex) {
        return new Contract(maxTokens, regex, oneOf, quotesInput, retries);
    }

    /** A copy with this list of allowed texts. */
    public Contract withOneOf(List<String> texts) {
        return new Contract(maxTokens, pattern, texts, quotesInput, retries);
    }

    /** A copy that requires this many consecutive words from the input. */
    public Contract withQuotesInput(int words) {
        return new Contract(maxTokens, pattern, oneOf, words, retries);
    }

    /** A copy with this number of retries. */
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
     * How a text breaks the contract, empty if it does not. The wording depends only on the kind of
     * breach, not on the text.
     *
     * @param text the stage's text, without surrounding white space
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

    /** The dot also matches line breaks, because a text may have several lines. */
    private static Pattern compiled(String pattern) {
        return Pattern.compile(pattern, Pattern.DOTALL);
    }

    private static boolean isMatch(String pattern, String text) {
        try {
            return BoundedMatch.matches(compiled(pattern), text);
        } catch (CairnException e) {
            return false; // a text on which the matcher takes too long counts as no match
        }
    }
}
