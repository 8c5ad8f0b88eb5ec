package dev.cairn.hub;

import dev.cairn.CairnException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The GGUF files of a repository. Those that are parts of one model, such as {@code
 * NAME-00001-of-00003.gguf}, belong together.
 *
 * @param models the files of each model in order, by the name without the part's number
 */
record GgufFiles(SortedMap<String, List<String>> models) {
    private static final String ENDING = ".gguf";
    private static final Pattern PART = Pattern.compile("(.*)-([0-9]{5})-of-([0-9]{5})\\.gguf");

    /** Files that are no language models: projectors for images, statistics for quantising. */
    private static final Pattern OTHER = Pattern.compile("(.*/)?(mmproj|imatrix)[^/]*");

    /** As many as a person reads. */
    private static final int LISTED = 30;

    /** The GGUF files among the files of a repository. */
    static GgufFiles among(Collection<String> names) {
        SortedMap<String, List<String>> models = new TreeMap<>();
        for (String name : names.stream().sorted().toList()) {
            if (name.endsWith(ENDING)) {
                Matcher part = PART.matcher(name);
                models.computeIfAbsent(
                                part.matches() ? part.group(1) + ENDING : name,
                                model -> new ArrayList<>())
                        .add(name);
            }
        }
        return new GgufFiles(models);
    }

    /** Names of the parts that are missing from a model's files. */
    static List<String> missing(List<String> files) {
        List<String> missing = new ArrayList<>();
        Matcher part = PART.matcher(files.getFirst());
        int count = part.matches() ? Integer.parseInt(part.group(3)) : 0;
        for (int i = 1; i <= count; i++) {
            missing.add("%s-%05d-of-%s%s".formatted(part.group(1), i, part.group(3), ENDING));
        }
        missing.removeAll(files);
        return missing;
    }

    /**
     * The files that an id means: those of the model with that file name, or whose name contains
     * the given text, regardless of case. If several do, the one in which the text stands alone, so
     * that F16 does not mean BF16.
     *
     * @throws CairnException that lists the files when none or several are meant
     */
    List<String> select(HubId id) {
        String file = Objects.requireNonNull(id.file());
        List<List<String>> found = named(file);
        if (found.isEmpty()) {
            found = standingAlone(file);
        }
        if (found.isEmpty()) {
            found = matching(name -> name.contains(lower(file)));
        }
        if (found.size() != 1) {
            throw new CairnException(
                    "%s: %s; it has %s"
                            .formatted(
                                    id,
                                    found.isEmpty()
                                            ? "the repository has no such GGUF file"
                                            : "several GGUF files have such a name",
                                    listed()));
        }
        List<String> missing = missing(found.getFirst());
        if (!missing.isEmpty()) {
            throw new CairnException(
                    "%s: the repository lacks %s".formatted(id, String.join(", ", missing)));
        }
        return found.getFirst();
    }

    /**
     * As {@link #select}, where there may be other files than here: only what cannot be taken for
     * another.
     */
    List<List<String>> certain(String file) {
        List<List<String>> found = named(file);
        List<List<String>> candidates = found.isEmpty() ? standingAlone(file) : found;
        return candidates.stream().filter(files -> missing(files).isEmpty()).toList();
    }

    /**
     * The model with a file of this name; a name without folders is enough if it is the only one.
     */
    private List<List<String>> named(String file) {
        List<List<String>> exact =
                models.values().stream().filter(files -> files.contains(file)).toList();
        return exact.isEmpty() && file.endsWith(ENDING)
                ? models.values().stream()
                        .filter(files -> files.stream().anyMatch(f -> f.endsWith("/" + file)))
                        .toList()
                : exact;
    }

    private List<List<String>> standingAlone(String text) {
        Pattern alone =
                Pattern.compile(
                        "(.*[^\\p{Alnum}_])?\\Q%s\\E([^\\p{Alnum}_].*)?".formatted(lower(text)));
        return matching(name -> alone.matcher(name).matches());
    }

    private List<List<String>> matching(Predicate<String> wanted) {
        return models.entrySet().stream()
                .filter(model -> !OTHER.matcher(model.getKey()).matches())
                .filter(model -> wanted.test(lower(model.getKey())))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** What an id may say, for a person. */
    String listed() {
        List<String> names = models.values().stream().map(List::getFirst).toList();
        return names.isEmpty()
                ? "no GGUF files"
                : String.join(", ", names.subList(0, Math.min(LISTED, names.size())))
                        + (names.size() > LISTED ? ", ..." : "");
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
