package dev.cairn.recipe;

import dev.cairn.cli.PullBar;
import dev.cairn.CairnException;
import dev.cairn.hub.Hub;
import dev.cairn.hub.HubId;
import dev.cairn.hub.HubSettings;
import dev.cairn.stack.ModelFinder;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What stands where a model directory is expected: a path, or an id on the hub. What exists as a
 * file or folder is a path, whatever it looks like.
 *
 * @param settings asked for when a name is no path
 */
record HubModelFinder(Supplier<HubSettings> settings) implements ModelFinder {
    /** Asks the hub that the environment names. */
    static HubModelFinder ofThisMachine() {
        return new HubModelFinder(HubSettings::fromEnvironment);
    }

    /** A word of the command line; as a path relative to where the user is. */
    Found find(String name) {
        try {
            return find(name, Path.of(name));
        } catch (InvalidPathException e) {
            throw new CairnException(
                    "expected a path or an id on the hub, found '" + name + "'", e);
        }
    }

    @Override
    public Found find(String name, Path path) {
        Optional<HubId> id = HubId.inPlaceOfPath(name);
        return id.isEmpty() || Files.exists(path) ? new Found(path, null) : pulled(id.get(), path);
    }

    private Found pulled(HubId id, Path path) {
        try (PullBar bar = new PullBar()) {
            Path folder = Hub.open(settings.get(), bar).find(id);
            return new Found(folder, id.toString());
        } catch (CairnException e) {
            throw new CairnException(
                    "%s: no such folder; and as a model of the hub: %s"
                            .formatted(path, e.getMessage()),
                    e);
        }
    }
}
