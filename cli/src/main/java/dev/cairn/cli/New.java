package dev.cairn.cli;

import dev.cairn.CairnException;
import dev.cairn.hub.HubId;
import dev.cairn.recipe.start.NewStack;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn new}: writes a stack to start from. */
@Command(
        name = "new",
        description = "Write a folder with a stack to start from: its YAML, data and a README.")
final class New implements Callable<Integer> {
    private static final Path BUNDLED = Path.of("models", "pebble");

    @Parameters(paramLabel = "DIR", description = "The folder; must be new or empty.")
    private Path directory = Path.of("");

    @Option(
            names = "--template",
            defaultValue = "steps",
            paramLabel = "TEMPLATE",
            description =
                    "steps: stages with gold texts; distilled: taught by a larger model; classification: one stage that writes a label (default: ${DEFAULT-VALUE}).")
    private NewStack.Template template = NewStack.Template.STEPS;

    @Option(
            names = "--base",
            paramLabel = "MODEL",
            description =
                    "The base model, a folder, a GGUF file or an id on the hub, instead of the small one that comes with Cairn.")
    private @Nullable String base;

    @Override
    public Integer call() {
        Path file = NewStack.write(directory, template, base());
        System.err.printf("%s, and how to go on in %s%n", file, file.resolveSibling("README.md"));
        return ExitCode.OK;
    }

    /** The base as the YAML names it. */
    private String base() {
        if (base == null) {
            return relative(bundled());
        }
        try {
            Path path = Path.of(base);
            if (Files.exists(path)) {
                return relative(path);
            }
        } catch (InvalidPathException e) {
            throw new CairnException("--base: expected a path or an id, found '" + base + "'", e);
        }
        if (HubId.inPlaceOfPath(base).isEmpty()) {
            throw new CairnException(
                    "--base: expected a model that is there or an id on the hub, such as ORG/NAME, found '"
                            + base
                            + "'");
        }
        return base;
    }

    /** Where the launcher lives, or else in the current folder. */
    private static Path bundled() {
        Path model = Path.of(System.getProperty("cairn.home", "")).resolve(BUNDLED);
        if (!Files.isDirectory(model)) {
            throw new CairnException(
                    "the base model that comes with Cairn is not in %s; name another one with --base"
                            .formatted(model.toAbsolutePath()));
        }
        return model;
    }

    /** The path from the new folder, so that both can be moved together. */
    private String relative(Path model) {
        Path from = directory.toAbsolutePath().normalize();
        Path to = model.toAbsolutePath().normalize();
        try {
            return from.relativize(to).toString().replace('\\', '/');
        } catch (IllegalArgumentException otherDrive) {
            return to.toString();
        }
    }
}
