package dev.cairn.text.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Methods of text, lists and dicts, as far as they change nothing. */
final class Methods {
    /** Methods Python has beyond those here: calling one is an error that says so. */
    private static final Set<String> OTHERS_OF_TEXT =
            Set.of(
                    "casefold",
                    "center",
                    "encode",
                    "expandtabs",
                    "format_map",
                    "index",
                    "isascii",
                    "isdecimal",
                    "isidentifier",
                    "isnumeric",
                    "isprintable",
                    "istitle",
                    "ljust",
                    "maketrans",
                    "partition",
                    "rindex",
                    "rjust",
                    "rpartition",
                    "swapcase",
                    "translate",
                    "zfill");

    private static final Set<String> OTHERS_OF_LISTS =
            Set.of("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");

    private static final Set<String> OTHERS_OF_DICTS =
            Set.of("clear", "fromkeys", "pop", "popitem", "setdefault", "update");

    private static final Pattern FIELD =
            Pattern.compile("\\{\\{|\\}\\}|\\{(\\d{0,3}|[A-Za-z_]\\w*)\\}|[{}]");

    private final Values values;
    private final Budget budget;

    Methods(Values values) {
        this.values = values;
        this.budget = values.budget();
    }

    /** The method of a value, or null when its type has none of that name. */
    @Nullable Function find(Object value, String name) {
        return switch (value) {
            case String s -> OTHERS_OF_TEXT.contains(name) ? other(value, name) : text(s, name);
            case List<?> list ->
                    OTHERS_OF_LISTS.contains(name) ? other(value, name) : list(list, name);
            case Map<?, ?> map ->
                    OTHERS_OF_DICTS.contains(name) ? other(value, name) : dict(map, name);
            default -> null;
        };
    }

    private static Function other(Object value, String name) {
        return Function.unsupported("%s.%s()".formatted(Values.type(value), name));
    }

    private @Nullable Function list(List<?> list, String name) {
        return switch (name) {
            case "copy" -> args -> none(args, values.items(list));
            case "count" -> args -> occurrences(list, args.only("value").get(0, "value"));
            case "index" -> args -> indexOf(list, args.only("value").get(0, "value"));
            default -> null;
        };
    }

    private long occurrences(List<?> list, Object wanted) {
        return list.stream().filter(item -> values.areEqual(item, wanted)).count();
    }

    private long indexOf(List<?> list, Object wanted) {
        for (int i = 0; i < list.size(); i++) {
            if (values.areEqual(list.get(i), wanted)) {
                return i;
            }
        }
        throw new Fault("list.index() does not find its value");
    }

    private @Nullable Function dict(Map<?, ?> map, String name) {
        return switch (name) {
            case "get" -> args -> get(map, args.only("key", "default"));
            case "items" -> args -> none(args, pairs(map));
            case "keys" -> args -> none(args, values.items(map));
            case "values" -> args -> none(args, values.items(new ArrayList<Object>(map.values())));
            case "copy" -> args -> none(args, map);
            default -> null;
        };
    }

    private static Object none(Args args, Object result) {
        args.only();
        return result;
    }

    private static Object get(Map<?, ?> map, Args args) {
        Object key = args.get(0, "key");
        Object value = Values.isKey(key) ? map.get(key) : null;
        return value == null ? args.get(1, "default", None.NONE) : value;
    }

    /** {@code dict.items()}. */
    List<Object> pairs(Map<?, ?> map) {
        budget.elements(2L * map.size());
        List<Object> pairs = new ArrayList<>();
        map.forEach((key, value) -> pairs.add(Tuple.of(key, value)));
        return pairs;
    }

    private @Nullable Function text(String s, String name) {
        budget.work(s.length());
        return switch (name) {
            case "strip" -> args -> strip(s, args, true, true);
            case "lstrip" -> args -> strip(s, args, true, false);
            case "rstrip" -> args -> strip(s, args, false, true);
            case "split" -> args -> split(s, args.only("sep", "maxsplit"), false);
            case "rsplit" -> args -> split(s, args.only("sep", "maxsplit"), true);
            case "splitlines" -> args -> lines(s, args.only("keepends").flag(0, "keepends"));
            case "startswith" -> args -> any(args, s::startsWith);
            case "endswith" -> args -> any(args, s::endsWith);
            case "removeprefix" ->
                    args -> {
                        String prefix = args.only("prefix").text(0, "prefix");
                        return budget.made(s.startsWith(prefix) ? s.substring(prefix.length()) : s);
                    };
            case "removesuffix" ->
                    args -> {
                        String suffix = args.only("suffix").text(0, "suffix");
                        int end = s.endsWith(suffix) ? s.length() - suffix.length() : s.length();
                        return budget.made(s.substring(0, end));
                    };
            case "replace" ->
                    args -> {
                        args.only("old", "new", "count");
                        return replace(
                                s,
                                args.text(0, "old"),
                                args.text(1, "new"),
                                args.count(2, "count", -1));
                    };
            case "upper" -> args -> none(args, budget.made(s.toUpperCase(Locale.ROOT)));
            case "lower" -> args -> none(args, budget.made(s.toLowerCase(Locale.ROOT)));
            case "capitalize" -> args -> none(args, capitalize(s));
            case "title" -> args -> none(args, title(s));
            case "join" -> args -> join(s, values.items(args.only("iterable").get(0, "iterable")));
            case "format" -> args -> format(s, args);
            case "find" -> args -> find(s, args.only("sub").text(0, "sub"), false);
            case "rfind" -> args -> find(s, args.only("sub").text(0, "sub"), true);
            case "count" -> args -> count(s, args.only("sub").text(0, "sub"));
            case "isspace" -> args -> none(args, !s.isEmpty() && PyText.strip(s).isEmpty());
            case "isdigit" -> args -> none(args, all(s, Character::isDigit));
            case "isalpha" -> args -> none(args, all(s, Character::isLetter));
            case "isalnum" -> args -> none(args, all(s, Character::isLetterOrDigit));
            case "isupper" -> args -> none(args, cased(s) && s.equals(s.toUpperCase(Locale.ROOT)));
            case "islower" -> args -> none(args, cased(s) && s.equals(s.toLowerCase(Locale.ROOT)));
            default -> null;
        };
    }

    private static boolean all(String s, java.util.function.IntPredicate test) {
        return !s.isEmpty() && s.codePoints().allMatch(test);
    }

    private static boolean cased(String s) {
        return s.codePoints().anyMatch(c -> Character.isUpperCase(c) || Character.isLowerCase(c));
    }

    private Object strip(String s, Args args, boolean left, boolean right) {
        return strip(s, args.only("chars").get(0, "chars", None.NONE), left, right);
    }

    /** {@code str.strip}: of white space, or of any of the given characters. */
    String strip(String s, Object characters, boolean left, boolean right) {
        String chars = characters == None.NONE ? null : Values.text(characters, "strip");
        budget.work(chars == null ? s.length() : (long) s.length() * Math.max(1, chars.length()));
        int from = 0;
        int to = s.length();
        while (left && from < to && strips(s.codePointAt(from), chars)) {
            from += Character.charCount(s.codePointAt(from));
        }
        while (right && to > from && strips(s.codePointBefore(to), chars)) {
            to -= Character.charCount(s.codePointBefore(to));
        }
        return budget.made(s.substring(from, to));
    }

    private static boolean strips(int c, @Nullable String chars) {
        return chars == null ? PyText.isSpace(c) : chars.indexOf(c) >= 0;
    }

    private Object lines(String s, boolean keepEnds) {
        List<Object> lines = PyText.splitLines(s, keepEnds);
        budget.text(s.length());
        budget.elements(lines.size());
        return lines;
    }

    private boolean any(Args args, java.util.function.Predicate<String> test) {
        Object affix = args.only("affix").get(0, "affix");
        if (affix instanceof Tuple several) {
            return several.stream().anyMatch(one -> test.test(Values.text(one, args.callee())));
        }
        return test.test(args.text(0, "affix"));
    }

    private List<Object> split(String s, Args args, boolean fromRight) {
        Object separator = args.get(0, "sep", None.NONE);
        long most = args.count(1, "maxsplit", -1);
        long limit = most < 0 ? Long.MAX_VALUE : most;
        budget.text(s.length());
        List<Object> parts;
        if (separator != None.NONE) {
            String sep = Values.text(separator, args.callee());
            if (sep.isEmpty()) {
                throw new Fault(args.callee() + " needs a separator that is not empty");
            }
            budget.work((long) s.length() * sep.length());
            parts = fromRight ? splitRight(s, sep, limit) : split(s, sep, limit);
        } else if (fromRight && most >= 0) {
            throw Fault.unsupported("rsplit() at white space with a limit");
        } else {
            parts = words(s, limit);
        }
        budget.elements(parts.size());
        return parts;
    }

    private static List<Object> split(String s, String separator, long limit) {
        List<Object> parts = new ArrayList<>();
        int from = 0;
        int at = s.indexOf(separator);
        while (at >= 0 && parts.size() < limit) {
            parts.add(s.substring(from, at));
            from = at + separator.length();
            at = s.indexOf(separator, from);
        }
        parts.add(s.substring(from));
        return parts;
    }

    private static List<Object> splitRight(String s, String separator, long limit) {
        List<Object> parts = new ArrayList<>();
        int to = s.length();
        int at = s.lastIndexOf(separator);
        while (at >= 0 && parts.size() < limit) {
            parts.add(s.substring(at + separator.length(), to));
            to = at;
            at = at < separator.length() ? -1 : s.lastIndexOf(separator, at - separator.length());
        }
        parts.add(s.substring(0, to));
        return parts.reversed();
    }

    private static List<Object> words(String s, long limit) {
        List<Object> words = new ArrayList<>();
        String rest = PyText.lstrip(s);
        int from = s.length() - rest.length();
        while (from < s.length()) {
            int to = words.size() < limit ? wordEnd(s, from) : PyText.rstrip(s).length();
            words.add(s.substring(from, to));
            from = to;
            while (from < s.length() && PyText.isSpace(s.charAt(from))) {
                from++;
            }
        }
        return words;
    }

    private static int wordEnd(String s, int from) {
        int to = from;
        while (to < s.length() && !PyText.isSpace(s.charAt(to))) {
            to++;
        }
        return to;
    }

    /** {@code str.replace}; a negative count replaces all. */
    String replace(String s, String old, String by, int count) {
        long limit = count < 0 ? Long.MAX_VALUE : count;
        budget.work((long) s.length() * Math.max(1, old.length()));
        StringBuilder text = new StringBuilder();
        if (old.isEmpty()) {
            throw Fault.unsupported("replace() of an empty text");
        }
        int from = 0;
        int at = s.indexOf(old);
        for (long i = 0; at >= 0 && i < limit; i++) {
            budget.text((long) at - from + by.length());
            text.append(s, from, at).append(by);
            from = at + old.length();
            at = s.indexOf(old, from);
        }
        budget.text(s.length() - from);
        return text.append(s, from, s.length()).toString();
    }

    String capitalize(String s) {
        if (s.isEmpty()) {
            return s;
        }
        int first = Character.charCount(s.codePointAt(0));
        return budget.made(
                Character.toString(Character.toTitleCase(s.codePointAt(0)))
                        + s.substring(first).toLowerCase(Locale.ROOT));
    }

    /** {@code str.title}: a word begins after anything that is no letter. */
    private String title(String s) {
        StringBuilder text = new StringBuilder();
        boolean inWord = false;
        for (int c : s.codePoints().toArray()) {
            text.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
            inWord = Character.isLetter(c);
        }
        return budget.made(text.toString());
    }

    /** {@code separator.join(texts)}. */
    String join(String separator, List<Object> texts) {
        StringBuilder joined = new StringBuilder();
        String before = "";
        for (Object item : texts) {
            String text = Values.text(item, "str.join()");
            budget.text((long) before.length() + text.length());
            joined.append(before).append(text);
            before = separator;
        }
        return joined.toString();
    }

    /** {@code str.format} with fields such as {@code {}}, {@code {0}} and {@code {name}}. */
    private String format(String s, Args args) {
        StringBuilder text = new StringBuilder();
        Matcher braces = FIELD.matcher(s);
        int from = 0;
        int next = 0;
        while (braces.find()) {
            text.append(s, from, braces.start());
            from = braces.end();
            String field = braces.group();
            if (field.equals("{{") || field.equals("}}")) {
                text.append(field.charAt(0));
            } else if (braces.group(1) == null) {
                throw Fault.unsupported("the field '" + field + "' in str.format()");
            } else {
                String name = braces.group(1).isEmpty() ? String.valueOf(next++) : braces.group(1);
                int index =
                        Character.isDigit(name.charAt(0))
                                ? Integer.parseInt(name)
                                : Integer.MAX_VALUE;
                text.append(budget.made(values.print(args.get(index, name))));
            }
        }
        return budget.made(text.append(s, from, s.length()).toString());
    }

    private long find(String s, String part, boolean last) {
        budget.work((long) s.length() * Math.max(1, part.length()));
        int at = last ? s.lastIndexOf(part) : s.indexOf(part);
        return at < 0 ? -1 : s.codePointCount(0, at);
    }

    private long count(String s, String part) {
        if (part.isEmpty()) {
            return PyText.length(s) + 1L;
        }
        budget.work((long) s.length() * part.length());
        return split(s, part, Long.MAX_VALUE).size() - 1L;
    }
}
