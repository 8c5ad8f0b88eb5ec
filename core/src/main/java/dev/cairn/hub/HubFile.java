package dev.cairn.hub;

import dev.cairn.CairnException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A file of a repository.
 *
 * @param name its path in the repository, with {@code /} as separator
 * @param size in bytes; null when the hub did not say
 * @param checksum null when the hub did not say
 */
record HubFile(String name, @Nullable Long size, @Nullable Checksum checksum) {
    /**
     * Returns this file if its name cannot lead out of its folder.
     *
     * @throws CairnException when it could
     */
    HubFile checked(HubId id) {
        boolean isHarmless =
                name.length() <= 255
                        && name.matches("[^\\\\\\p{Cc}:]+")
                        && Stream.of(name.split("/", -1))
                                .noneMatch(part -> part.isEmpty() || part.startsWith("."));
        if (!isHarmless) {
            throw new CairnException(
                    "%s: refused: its file name '%s' might lead out of the model's folder"
                            .formatted(id, name.replaceAll("\\p{Cc}", "?")));
        }
        return this;
    }
}
