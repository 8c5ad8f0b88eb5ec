package dev.cairn.recipe.lock;

import dev.cairn.CairnException;
import dev.cairn.data.QuestionSet;
import dev.cairn.recipe.ProgramVersion;
import dev.cairn.stack.config.DataConfig;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.stack.config.StageConfig;
import dev.cairn.stack.config.TeacherConfig;
import dev.cairn.support.AtomicFiles;
import dev.cairn.support.Sha256;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The parts of a stack with their digests. What is missing has no entry, so that a comparison can
 * name it.
 *
 * @param outputDir folder of the trained adapters, one subfolder per stage
 */
record LockedParts(StackConfig stack, Path outputDir) {
    private static final String MADE_WITH = "made_with";
    private static final String COMMIT = "commit";

    /** What decides the logits, the tokens, the prompts and the end of an answer. */
    private static final Pattern BASE_FILES =
            Pattern.compile(
                    "(generation_)?config\\.json|(tokenizer|tokenizer_config|special_tokens_map|added_tokens|vocab|chat_template)\\.json|tokenizer\\.model|merges\\.txt|.*\\.jinja|.*\\.safetensors(\\.index\\.json)?");

    private static final List<String> ADAPTER_FILES =
            List.of("adapter_config.json", "adapter_model.safetensors");

    /** One of several files of a GGUF model, such as {@code model-00001-of-00003.gguf}. */
    private static final Pattern GGUF_PART = Pattern.compile("(.*-)\\d{5}(-of-\\d{5}\\.gguf)");

    /** A snapshot in the hub's cache: a folder named by its commit. */
    private static final Pattern SNAPSHOT = Pattern.compile("[0-9a-f]{40}");

    /** Whether a value may be unknown on one side: a build from changed sources has no commit. */
    static boolean isOptional(String section, String name) {
        return section.equals(MADE_WITH) && name.equals(COMMIT);
    }

    /**
     * Like {@link #sections}, for a stack that is whole.
     *
     * @throws CairnException if the base, an adapter or the data are missing
     */
    SortedMap<String, SortedMap<String, String>> complete() {
        if (stack.data() instanceof DataConfig.Files files) {
            QuestionSet.filesToTrainOn(files.path());
        }
        SortedMap<String, SortedMap<String, String>> sections = sections();
        Set<String> base = names(sections, "base");
        if (base.stream().noneMatch(LockedParts::isWeights)) {
            throw new CairnException("no model in " + stack.baseModel() + "; check the path")
                    .at(stack.file(), "base_model");
        }
        for (StageConfig stage : stack.stages()) {
            Path adapter = stack.adapterDirectory(stage, outputDir);
            if (adapter != null && !names(sections, "adapters").containsAll(files(stage))) {
                boolean isTrained = stage.adapter() instanceof StageConfig.Adapter.Trained;
                throw new CairnException(
                        "%s: stage %s has no whole adapter in %s; %s"
                                .formatted(
                                        stack.file(),
                                        stage.name(),
                                        adapter,
                                        isTrained
                                                ? "train it with: cairn train " + stack.file()
                                                : "check the path"));
            }
        }
        return sections;
    }

    private static List<String> files(StageConfig stage) {
        return ADAPTER_FILES.stream().map(file -> stage.name() + "/" + file).toList();
    }

    private static boolean isWeights(String name) {
        return name.endsWith(".safetensors") || name.endsWith(".gguf");
    }

    private static Set<String> names(
            SortedMap<String, SortedMap<String, String>> sections, String section) {
        return sections.getOrDefault(section, new TreeMap<>()).keySet();
    }

    SortedMap<String, SortedMap<String, String>> sections() {
        SortedMap<String, SortedMap<String, String>> sections = new TreeMap<>();
        sections.put(MADE_WITH, madeWith());
        sections.put("stack", of("yaml", stack.file()));
        sections.put("base", base());
        sections.put("adapters", adapters());
        sections.put("data", data());
        sections.put("teacher", teacher());
        sections.values().removeIf(SortedMap::isEmpty);
        return sections;
    }

    private static SortedMap<String, String> madeWith() {
        ProgramVersion program = ProgramVersion.here();
        SortedMap<String, String> values = new TreeMap<>();
        values.put("cairn", program.number());
        values.put("java", ProgramVersion.java());
        program.commit().ifPresent(commit -> values.put(COMMIT, commit));
        return values;
    }

    private SortedMap<String, String> base() {
        Path base = stack.baseModel();
        SortedMap<String, String> values =
                Files.isRegularFile(base) ? gguf(base) : files(base, BASE_FILES.asMatchPredicate());
        String id = stack.baseId();
        if (id != null) {
            values.put("hub_id", id);
            for (Path folder : base) {
                if (SNAPSHOT.matcher(folder.toString()).matches()) {
                    values.put(COMMIT, folder.toString());
                }
            }
        }
        return values;
    }

    private static SortedMap<String, String> gguf(Path file) {
        String name = String.valueOf(file.getFileName());
        var part = GGUF_PART.matcher(name);
        String others =
                part.matches()
                        ? Pattern.quote(part.group(1)) + "\\d{5}" + Pattern.quote(part.group(2))
                        : Pattern.quote(name);
        return files(
                file.toAbsolutePath().resolveSibling(""),
                Pattern.compile(others).asMatchPredicate());
    }

    private SortedMap<String, String> adapters() {
        SortedMap<String, String> values = new TreeMap<>();
        for (StageConfig stage : stack.stages()) {
            Path directory = stack.adapterDirectory(stage, outputDir);
            if (directory != null) {
                files(directory, ADAPTER_FILES::contains)
                        .forEach((name, digest) -> values.put(stage.name() + "/" + name, digest));
            }
        }
        return values;
    }

    private SortedMap<String, String> data() {
        SortedMap<String, String> values = new TreeMap<>();
        if (stack.data() instanceof DataConfig.Files files && Files.exists(files.path())) {
            for (Path file : QuestionSet.filesToTrainOn(files.path())) {
                values.putAll(of(String.valueOf(file.getFileName()), file));
            }
        }
        return values;
    }

    private SortedMap<String, String> teacher() {
        SortedMap<String, String> values = new TreeMap<>();
        if (stack.stages().stream().noneMatch(stage -> stage.teach() != null)) {
            return values;
        }
        TeacherConfig teacher = stack.teacher();
        String local = teacher.local();
        if (local == null) {
            values.put("model", teacher.model());
            values.put("base_url", withoutSecrets(teacher.address()));
        } else {
            Path path = Path.of(local);
            values.put("local", path.isAbsolute() ? String.valueOf(path.getFileName()) : local);
        }
        Path answers = stack.teacherFile();
        values.putAll(of(String.valueOf(answers.getFileName()), answers));
        return values;
    }

    /** The address without user, password and query, any of which may hold a key. */
    private static String withoutSecrets(URI address) {
        return "%s://%s%s%s"
                .formatted(
                        address.getScheme(),
                        address.getHost(),
                        address.getPort() < 0 ? "" : ":" + address.getPort(),
                        address.getPath());
    }

    /** The digest of a file under a name; nothing if the file is missing. */
    private static SortedMap<String, String> of(String name, Path file) {
        SortedMap<String, String> values = new TreeMap<>();
        if (Files.exists(file)) {
            values.put(name, "sha256:" + Sha256.ofFiles(List.of(file)).hex());
        }
        return values;
    }

    /** The digests of a folder's files with such names; nothing if the folder is missing. */
    private static SortedMap<String, String> files(Path folder, Predicate<String> names) {
        SortedMap<String, String> values = new TreeMap<>();
        if (!Files.isDirectory(folder)) {
            return values;
        }
        Predicate<Path> isMeant = file -> names.test(String.valueOf(file.getFileName()));
        try (Stream<Path> entries = Files.list(folder)) {
            entries.filter(isMeant)
                    .filter(Files::isRegularFile)
                    .forEach(file -> values.putAll(of(String.valueOf(file.getFileName()), file)));
        } catch (IOException e) {
            throw new CairnException(folder + ": cannot be read: " + AtomicFiles.reason(e), e);
        }
        return values;
    }
}
