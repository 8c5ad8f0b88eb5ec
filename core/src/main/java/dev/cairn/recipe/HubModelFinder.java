package dev.cairn.recipe;

import dev.cairn.CairnException;
import dev.cairn.hub.Hub;
import dev.cairn.hub.HubId;
import dev.cairn.hub.HubSettings;
import dev.cairn.hub.PullListener;
import dev.cairn.stack.config.ModelFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Finds models by path or by id on the hub; a model that is not on this machine yet is downloaded.
 * A name that exists as a file or folder is always a path.
 *
 * @param settings read only if a name is not a path
 * @param listener receives the progress of downloads
 */
public record HubModelFinder(Supplier<HubSettings> settings, PullListener listener)
        implements ModelFinder {
    /** Uses the hub that the environment configures, without reporting downloads. */
    public static HubModelFinder ofThisMachine() {
        return ofThisMachine(PullListener.NONE);
    }

    /** Uses the hub that the environment configures. */
    public static HubModelFinder ofThisMachine(PullListener listener) {
        return new HubModelFinder(HubSettings::fromEnvironment, listener);
    }

    @Override
    public Found find(String name, Path path) {
        Optional<HubId> id = HubId.inPlaceOfPath(name);
        return id.isEmpty() || Files.exists(path) ? new Found(path, null) : pulled(id.get(), path);
    }

    private Found pulled(HubId id, Path path) {
        try {
            return new Found(Hub.open(settings.get(), listener).find(id), id.toString());
        } catch (CairnException e) {
            throw new CairnException(
                    "%s: no such file or folder; and as a model of the hub: %s"
                            .formatted(path, e.getMessage()),
                    e);
        }
    }
}
