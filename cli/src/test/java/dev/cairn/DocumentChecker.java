package dev.cairn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a document names and the project does not have. Checked are
 *
 * <ul>
 *   <li>the targets of links, relative to the document;
 *   <li>in backticks: paths (with a slash, or a file name with a known extension), class names in
 *       UpperCamel with an optional {@code .member} or {@code #member}, and {@code make} targets;
 *   <li>in fenced blocks: words that begin with {@code ./} or a folder of the project's root, and
 *       {@code make} targets;
 *   <li>anywhere: qualified names that begin with {@code dev.cairn.}
 * </ul>
 *
 * Not checked are addresses, absolute paths, paths in backticks that lead out of the project, file
 * names inside model and adapter folders, and everything under {@code out/} or {@code target/}; nor
 * placeholders: words in capitals such as {@code DIR/} and {@code STACK.yaml}, and words with one
 * of {@code * < > { } $ ~ …}.
 */
final class DocumentChecker {
    private static final Pattern FENCE = Pattern.compile("(?ms)^ *```.*?^ *```");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern CODE = Pattern.compile("`([^`\\n]+)`");
    private static final Pattern QUALIFIED = Pattern.compile("\\bdev\\.cairn(?:\\.\\w+)+");
    private static final Pattern MAKE = Pattern.compile("(?m)(?:^|`| )make ([a-z][a-z-]*)");
    private static final Pattern CLASS =
            Pattern.compile("([A-Z]\\w*[a-z]\\w*)(?:[.#](\\w+)(?:\\(.*\\))?)*");
    private static final Pattern FILE_NAME =
            Pattern.compile(
                    "[\\w.-]+\\.(?:java|md|xml|yaml|yml|json|jsonl|sh|txt|html|safetensors)");
    private static final Pattern UNCHECKED =
            Pattern.compile(
                    "/.*|(?:\\./)?(?:out|target)(?:/.*)?|\\w+://.*|mailto:.*|#.*|.*[*<>{}$~…].*"
                            + "|(?:.*/)?[A-Z][A-Z_]+(?:/.*|\\.(?!md).*)?");

    private final Path root;
    private final Map<String, Path> classes = new TreeMap<>();
    private final Set<String> fileNames = new TreeSet<>();
    private final Set<String> outside;

    /**
     * @param root the project's root
     * @param outside class and file names that documents may use though they are not the project's
     */
    DocumentChecker(Path root, Set<String> outside) throws IOException {
        this.root = root;
        this.outside = outside;
        for (Path file : files(root, "")) {
            String name = file.getFileName().toString();
            fileNames.add(name);
            if (name.endsWith(".java")) {
                classes.put(name.substring(0, name.length() - ".java".length()), file);
            }
        }
    }

    /** The files below a folder whose path ends so, except Git's own and what a build writes. */
    static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(ending))
                    .filter(file ->
                            !folder.relativize(file)
                                    .toString()
                                    .matches("(?:\\.git|out|(?:[\\w-]+/)?target)/.*"))
                    .sorted()
                    .toList();
        }
    }

    /** One line for each name in the document that leads nowhere. */
    List<String> check(Path document) throws IOException {
        String text = Files.readString(document);
        String prose = FENCE.matcher(text).replaceAll("");
        List<String> wrong = new ArrayList<>();
        each(LINK, prose, target -> checkLink(document, target, wrong));
        each(CODE, prose, code -> checkCode(code, wrong));
        each(QUALIFIED, text, name -> checkQualified(name, wrong));
        each(MAKE, text, target -> checkMakeTarget(target, wrong));
        FENCE.matcher(text).results().map(MatchResult::group).forEach(b -> checkBlock(b, wrong));
        return wrong.stream().distinct().map(line -> document + ": " + line).toList();
    }

    private interface Check {
        void accept(String name);
    }

    private static void each(Pattern pattern, String text, Check check) {
        pattern.matcher(text)
                .results()
                .map(result -> result.groupCount() == 0 ? result.group() : result.group(1))
                .forEach(check::accept);
    }

    private void checkLink(Path document, String target, List<String> wrong) {
        String path = target.replaceFirst("(?<=.)#.*", "");
        if (!UNCHECKED.matcher(path).matches() && !Files.exists(document.resolveSibling(path))) {
            wrong.add("link to missing " + target);
        }
    }

    private void checkCode(String code, List<String> wrong) {
        Matcher className = CLASS.matcher(code);
        if (code.contains(" ")) {
            for (String word : code.split(" ", -1)) {
                checkRootedPath(word, wrong);
            }
        } else if (code.startsWith("../")
                || outside.contains(code)
                || fileNames.contains(code)
                || UNCHECKED.matcher(code).matches()) {
            return;
        } else if (code.contains("/") || FILE_NAME.matcher(code).matches()) {
            checkPath(code, wrong);
        } else if (className.matches()) {
            checkClass(className.group(1), className.group(2), wrong);
        }
    }

    private void checkPath(String path, List<String> wrong) {
        boolean isKnown =
                path.contains("/") ? Files.exists(root.resolve(path)) : fileNames.contains(path);
        if (!isKnown) {
            wrong.add("missing path " + path);
        }
    }

    private void checkClass(String name, @Nullable String member, List<String> wrong) {
        Path source = classes.get(name);
        if (source == null) {
            if (!outside.contains(name)) {
                wrong.add("missing class " + name);
            }
        } else if (member != null
                && !member.equals("java")
                && !Pattern.compile("\\b" + member + "\\b").matcher(read(source)).find()) {
            wrong.add("missing member " + name + "." + member);
        }
    }

    /** A package, or a class in its package; what follows the class is a member. */
    private void checkQualified(String name, List<String> wrong) {
        Path place = Path.of("");
        for (String part : name.split("\\.", -1)) {
            place = place.resolve(part);
            if (isSource(place + ".java")) {
                return;
            }
        }
        if (!isSource(place.toString())) {
            wrong.add("missing class or package " + name);
        }
    }

    private boolean isSource(String path) {
        return sourceFolders().anyMatch(folder -> Files.exists(folder.resolve(path)));
    }

    /** Of the modules; there are few, and none is deeper than one folder. */
    private Stream<Path> sourceFolders() {
        try (Stream<Path> modules = Files.list(root)) {
            return modules.sorted().toList().stream()
                    .flatMap(module ->
                            Stream.of("main", "test", "bench")
                                    .map(kind -> module.resolve("src/" + kind + "/java")))
                    .filter(Files::isDirectory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void checkMakeTarget(String target, List<String> wrong) {
        Path makefile = root.resolve("Makefile");
        if (!Pattern.compile("(?m)^" + target + ":").matcher(read(makefile)).find()) {
            wrong.add("missing make target " + target);
        }
    }

    private void checkBlock(String block, List<String> wrong) {
        for (String word : block.split("[\\s\"'=:,;()|│]+", -1)) {
            checkRootedPath(word, wrong);
        }
    }

    private void checkRootedPath(String word, List<String> wrong) {
        // What begins with "../" is relative to a file that the block shows.
        boolean isRooted =
                word.startsWith("./")
                        || (word.indexOf('/') > 0
                                && !word.startsWith("../")
                                && Files.isDirectory(
                                        root.resolve(word.substring(0, word.indexOf('/')))));
        if (isRooted && !outside.contains(word) && !UNCHECKED.matcher(word).matches()) {
            checkPath(word, wrong);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
