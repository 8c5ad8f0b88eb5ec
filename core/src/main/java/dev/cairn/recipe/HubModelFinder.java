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
 * Takes what names a model for a path, or for an id on the hub, which is downloaded where it is not
 * on this machine yet. What exists as a file or folder is a path, whatever it looks like.
 *
 * @param settings asked for when a name is no path
 * @param listener hears of downloads
 */
public record HubModelFinder(Supplier<HubSettings> settings, PullListener listener)
        implements ModelFinder {
    /** Asks the hub that the environment names, without a word about downloads. */
    public static HubModelFinder ofThisMachine() {
        return ofThisMachine(PullListener.NONE);
    }

    /** Asks the hub that the environment names. */
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
            Path folder = Hub.open(settings.get(), listener).find(id);
            return new Found(folder, id.toString());
        } catch (CairnException e) {
            throw new CairnException(
                    "%s: no such folder; and as a model of the hub: %s"
                            .formatted(path, e.getMessage()),
                    e);
        }
    }
}
