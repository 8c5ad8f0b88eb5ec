package dev.cairn.recipe.start;

import dev.cairn.CairnException;
import dev.cairn.data.Question;
import dev.cairn.data.QuestionSet;
import dev.cairn.data.stories.Split;
import dev.cairn.data.stories.StoryGenerator;
import dev.cairn.support.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Writes a folder with a stack to start from: its YAML, its data and a README. */
public final class NewStack {
    private static final String YAML = "stack.yaml";
    private static final String README = "README.md";
    private static final String TRAIN = "train.jsonl";
    private static final String TEST = "test.jsonl";
    private static final int TEST_QUESTIONS = 100;

    /** What kind of stack. */
    public enum Template {
        /** Several stages that learn from gold texts. */
        STEPS,
        /** A stage whose texts a teacher writes. */
        DISTILLED,
        /** One stage that writes a label. */
        CLASSIFICATION;

        /** Its name in lower case. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private NewStack() {}

    /**
     * Writes the folder.
     *
     * @param directory must be new or empty
     * @param base the base in the YAML: a path relative to the folder, or an id on the hub
     * @return the stack's YAML
     * @throws CairnException if the folder holds something, or cannot be written
     */
    public static Path write(Path directory, Template template, String base) {
        requireEmpty(directory);
        String name = name(directory);
        switch (template) {
            case STEPS -> stories(directory, 1200, true);
            case DISTILLED -> stories(directory, 300, false);
            case CLASSIFICATION -> {
                copy(directory, template, TRAIN);
                copy(directory, template, TEST);
            }
        }
        String readme = resource(template, README).replace("NAME", name);
        AtomicFiles.writeString(directory.resolve(README), readme);
        // Last: where it is, the folder is complete.
        String yaml =
                resource(template, YAML)
                        .replace("name: NAME", "name: " + name)
                        .replace("base_model: BASE", "base_model: " + quoted(base));
        Path file = directory.resolve(YAML);
        AtomicFiles.writeString(file, yaml);
        return file;
    }

    private static void requireEmpty(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        if (!Files.isDirectory(directory)) {
            throw new CairnException(directory + ": expected a new or empty folder, found a file");
        }
        try (Stream<Path> entries = Files.list(directory)) {
            if (entries.findAny().isPresent()) {
                throw new CairnException(
                        directory + ": expected a new or empty folder; choose another name");
            }
        } catch (IOException e) {
            throw new CairnException(directory + ": cannot be read: " + AtomicFiles.reason(e), e);
        }
    }

    /** The folder's name, as far as it can be the name of a model behind a server. */
    private static String name(Path directory) {
        String name = String.valueOf(directory.toAbsolutePath().normalize().getFileName());
        return name.matches("[A-Za-z][A-Za-z0-9_-]*") ? name : "stack";
    }

    private static String quoted(String base) {
        return "\"" + base.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static void stories(Path directory, int count, boolean hasStages) {
        write(directory.resolve(TRAIN), count, Split.TRAIN, hasStages);
        write(directory.resolve(TEST), TEST_QUESTIONS, Split.HELD_OUT, hasStages);
    }

    private static void write(Path file, int count, Split split, boolean hasStages) {
        List<Question> questions = StoryGenerator.questions(1, count, split);
        QuestionSet.write(
                file,
                hasStages ? questions : questions.stream().map(NewStack::withoutStages).toList());
    }

    private static Question withoutStages(Question question) {
        return new Question(
                question.id(), question.kind(), question.input(), question.answer(), Map.of());
    }

    private static void copy(Path directory, Template template, String file) {
        AtomicFiles.writeString(directory.resolve(file), resource(template, file));
    }

    private static String resource(Template template, String file) {
        try (InputStream in = NewStack.class.getResourceAsStream(template + "/" + file)) {
            return new String(
                    Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
