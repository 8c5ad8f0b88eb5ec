package dev.cairn.eval;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Compares an answer with the gold answer, ignoring differences in spelling that carry no meaning.
 *
 * <p>Both sides are normalised, then compared whole. Normalising, in this order:
 *
 * <ol>
 *   <li>Unicode NFC, so that a composed and a decomposed accent are the same;
 *   <li>white space of any kind at the ends is removed, elsewhere it becomes one space;
 *   <li>lower case, independent of language ({@link Locale#ROOT});
 *   <li>spaces around commas: {@code a ,b} is {@code a, b}. The order of a list matters;
 *   <li>one pair of surrounding quotation marks and one period at the end are removed, the period
 *       outside or inside the quotation marks;
 *   <li>one leading article (a, an, the) is removed when something follows it.
 * </ol>
 */
public final class ExactMatch {
    private static final Pattern SPACES = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern COMMA = Pattern.compile(" ?, ?");
    private static final Pattern ARTICLE = Pattern.compile("^(?:a|an|the) (?=.)");
    private static final String OPENING = "\"'\u201c\u2018";
    private static final String CLOSING = "\"'\u201d\u2019";

    private ExactMatch() {}

    /** Whether the two are the same after {@link #normalize normalising} both. */
    public static boolean matches(String gold, String answer) {
        return normalize(gold).equals(normalize(answer));
    }

    /** The form in which answers are compared. */
    public static String normalize(String text) {
        String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
        String spaced = SPACES.matcher(composed).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
        String commas = COMMA.matcher(spaced).replaceAll(", ");
        String outside = withoutPeriod(commas);
        String bare = withoutQuotes(outside);
        // The period may be inside the quotation marks instead, but only one is removed.
        String ended = outside.equals(commas) ? withoutPeriod(bare) : bare;
        return ARTICLE.matcher(ended).replaceFirst("").strip();
    }

    private static String withoutPeriod(String text) {
        return text.endsWith(".") ? text.substring(0, text.length() - 1).strip() : text;
    }

    private static String withoutQuotes(String text) {
        if (text.length() < 2) {
            return text;
        }
        int pair = OPENING.indexOf(text.charAt(0));
        boolean quoted = pair >= 0 && text.charAt(text.length() - 1) == CLOSING.charAt(pair);
        return quoted ? text.substring(1, text.length() - 1).strip() : text;
    }
}
