package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.PyText;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Methods of text. */
final class TextMethods {
    /** Python's other methods; calling one is an error that says it is not supported. */
    private static final Set<String> OTHERS =
            Set.of(
                    "casefold",
                    "center",
                    "encode",
                    "expandtabs",
                    "format_map",
                    "index",
                    "isalnum",
                    "isascii",
                    "isdecimal",
                    "isidentifier",
                    "islower",
                    "isnumeric",
                    "isprintable",
                    "istitle",
                    "isupper",
                    "ljust",
                    "maketrans",
                    "partition",
                    "removesuffix",
                    "rfind",
                    "rindex",
                    "rjust",
                    "rpartition",
                    "swapcase",
                    "translate",
                    "zfill");

    private final Budget budget;
    private final Texts texts;
    private final Splits splits;
    private final Format format;
    private final Items items;

    TextMethods(Budget budget) {
        this.budget = budget;
        this.texts = new Texts(budget);
        this.splits = new Splits(budget);
        this.format = new Format(budget);
        this.items = new Items(budget);
    }

    @Nullable Function find(String s, String name) {
        if (OTHERS.contains(name)) {
            return Function.unsupported("str." + name + "()");
        }
        budget.work(s.length());
        return switch (name) {
            case "strip" -> args -> texts.strip(s, args, true, true);
            case "lstrip" -> args -> texts.strip(s, args, true, false);
            case "rstrip" -> args -> texts.strip(s, args, false, true);
            case "split" -> args -> splits.split(s, args.only("sep", "maxsplit"), false);
            case "rsplit" -> args -> splits.split(s, args.only("sep", "maxsplit"), true);
            case "splitlines" -> args -> splits.lines(s, args.only("keepends").flag(0, "keepends"));
            case "startswith" -> args -> any(args, s::startsWith);
            case "endswith" -> args -> any(args, s::endsWith);
            case "removeprefix" ->
                    args -> {
                        String prefix = args.only("prefix").text(0, "prefix");
                        return budget.made(s.startsWith(prefix) ? s.substring(prefix.length()) : s);
                    };
            case "replace" -> args -> texts.replace(s, args);
            case "upper" -> args -> args.plain(budget.made(s.toUpperCase(Locale.ROOT)));
            case "lower" -> args -> args.plain(budget.made(s.toLowerCase(Locale.ROOT)));
            case "capitalize" -> args -> args.plain(texts.capitalize(s));
            case "title" -> args -> args.plain(texts.title(s));
            case "join" ->
                    args -> texts.join(s, items.of(args.only("iterable").get(0, "iterable")));
            case "format" -> args -> format.format(s, args);
            case "find" -> args -> position(s, args.only("sub").text(0, "sub"));
            case "count" -> args -> count(s, args.only("sub").text(0, "sub"));
            case "isspace" -> args -> args.plain(!s.isEmpty() && PyText.strip(s).isEmpty());
            case "isdigit" -> args -> args.plain(all(s, Character::isDigit));
            case "isalpha" -> args -> args.plain(all(s, Character::isLetter));
            default -> null;
        };
    }

    private static boolean all(String s, IntPredicate test) {
        return !s.isEmpty() && s.codePoints().allMatch(test);
    }

    private boolean any(Args args, Predicate<String> test) {
        Object affix = args.only("affix").get(0, "affix");
        if (affix instanceof Tuple several) {
            return several.stream().anyMatch(one -> test.test(Values.text(one, args.callee())));
        }
        return test.test(args.text(0, "affix"));
    }

    private long position(String s, String part) {
        budget.work((long) s.length() * Math.max(1, part.length()));
        int at = s.indexOf(part);
        return at < 0 ? -1 : s.codePointCount(0, at);
    }

    private long count(String s, String part) {
        if (part.isEmpty()) {
            return PyText.length(s) + 1L;
        }
        budget.work((long) s.length() * part.length());
        return Splits.split(s, part, Long.MAX_VALUE).size() - 1L;
    }
}
