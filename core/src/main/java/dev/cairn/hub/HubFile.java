package dev.cairn.hub;

import dev.cairn.CairnException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A file of a repository.
 *
 * @param name its path in the repository, with {@code /}
 * @param size in bytes; null when the hub did not say
 * @param checksum null when the hub did not say
 */
record HubFile(String name, @Nullable Long size, @Nullable Checksum checksum) {
    /**
     * The file, if its name stays in the folder it is put in.
     *
     * @throws CairnException when it does not
     */
    HubFile checked(HubId id) {
        boolean isHarmless =
                name.length() <= 255
                        && name.matches("[^\\\\\\p{Cc}:]+")
                        && Stream.of(name.split("/", -1))
                                .noneMatch(part -> part.isEmpty() || part.startsWith("."));
        if (!isHarmless) {
            throw new CairnException(
                    "%s: refused: it has a file called '%s', which might not stay in its folder"
                            .formatted(id, name.replaceAll("\\p{Cc}", "?")));
        }
        return this;
    }
}
