package dev.cairn.cli;

import dev.cairn.data.Question;
import dev.cairn.data.QuestionSet;
import dev.cairn.data.stories.Split;
import dev.cairn.data.stories.StoryGenerator;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code cairn stories}: writes a question set from the bundled generator. */
@Command(
        name = "stories",
        description = "Generate questions about short stories, with the gold text of every stage.")
final class Stories implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE.jsonl", description = "The file to write.")
    private Path file = Path.of("");

    @Option(
            names = "--split",
            required = true,
            paramLabel = "SPLIT",
            converter = SplitName.class,
            description =
                    "train; held-out: the same kind, other stories; unseen: other names, places and things; harder: these in longer stories; deeper: unseen, with one step more.")
    private Split split = Split.TRAIN;

    @Option(
            names = "--count",
            defaultValue = "300",
            paramLabel = "N",
            description = "Number of questions (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "N",
            description = "Decides the stories (default: ${DEFAULT-VALUE}).")
    private long seed;

    /**
     * Converts the public names; picocli's own converter would also accept the constants' names.
     */
    private static final class SplitName implements ITypeConverter<Split> {
        @Override
        public Split convert(String name) {
            return Stream.of(Split.values())
                    .filter(split -> split.toString().equalsIgnoreCase(name))
                    .findFirst()
                    .orElseThrow(() ->
                            new TypeConversionException(
                                    "expected train, held-out, unseen, harder or deeper, found '%s'"
                                            .formatted(name)));
        }
    }

    @Override
    public Integer call() {
        if (count < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--count: expected at least 1, found " + count);
        }
        List<Question> questions = StoryGenerator.questions(seed, count, split);
        QuestionSet.write(file, questions);
        System.err.printf("%d questions in %s%n", questions.size(), file);
        return 0;
    }
}
