package dev.cairn.cli;

import dev.cairn.cli.option.Environment;
import dev.cairn.cli.terminal.PullBar;
import dev.cairn.hub.Hub;
import dev.cairn.hub.HubId;
import dev.cairn.hub.HubSettings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code cairn pull}: downloads a model from the hub into the cache. */
@Command(
        name = "pull",
        description =
                "Download a model or an adapter from the Hugging Face hub, unless it is in the cache already, and print its folder or file.")
final class Pull implements Callable<Integer> {
    @Parameters(
            paramLabel = "ORG/NAME[@REVISION][:FILE]",
            description =
                    "The model; REVISION is a branch, a tag or a commit. FILE is one of the repository's GGUF files, or a part of its name such as Q4_K_M.")
    private String model = "";

    @Override
    public Integer call() {
        HubId id = HubId.parse(model);
        HubSettings settings = Environment.hub();
        Hub.Pulled pulled = Hub.open(settings, new PullBar()).pull(id);
        System.err.printf("%s: %s%n", id, described(pulled, settings.offline()));
        System.out.println(pulled.path());
        return 0;
    }

    private static String described(Hub.Pulled pulled, boolean offline) {
        String commit = "commit " + pulled.commit();
        if (offline) {
            return commit + " is in the cache; the hub was not asked";
        }
        return pulled.files() == 0
                ? commit + " is up to date"
                : commit + ", " + pulled.files() + (pulled.files() == 1 ? " file" : " files");
    }
}
