package dev.cairn.cli;

import dev.cairn.CairnException;
import dev.cairn.cli.option.Environment;
import dev.cairn.cli.terminal.PullBar;
import dev.cairn.hub.Hub;
import dev.cairn.hub.RemovedModel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn rm}: removes a model from the cache of the hub. */
@Command(
        name = "rm",
        description =
                "Remove a model or an adapter from this machine's Hugging Face cache, without asking.")
final class Remove implements Callable<Integer> {
    @Parameters(
            paramLabel = "ID",
            description =
                    "ORG/NAME removes all its revisions, ORG/NAME@REVISION only that branch, tag or commit, ORG/NAME:FILE only that GGUF file.")
    private String id = "";

    @Option(names = "--dry-run", description = "Remove nothing; say what would be removed.")
    private boolean isDry;

    @Override
    public Integer call() {
        RemovedModel removed;
        try {
            removed = Hub.remove(Environment.hub(), id, isDry);
        } catch (CairnException e) {
            throw isPath() ? new CairnException(e.getMessage() + foreign(), e) : e;
        }
        System.out.printf(
                "%s: %s %s%n", id, isDry ? "would free" : "freed", PullBar.size(removed.bytes()));
        for (String commit : removed.commits()) {
            System.out.printf("  commit %s%n", commit);
        }
        for (String revision : removed.revisions()) {
            System.out.printf("  revision %s%n", revision);
        }
        for (String file : removed.files()) {
            System.out.printf("  file %s%n", file);
        }
        if (!removed.keptFor().isEmpty()) {
            System.err.printf(
                    "the files stay: %s is the same commit%n",
                    String.join(", ", removed.keptFor()));
        }
        return ExitCode.OK;
    }

    private boolean isPath() {
        try {
            return Files.exists(Path.of(id));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private String foreign() {
        return "; %s is a path here, and rm removes only what pull has downloaded".formatted(id);
    }
}
