package dev.cairn.hub;

import dev.cairn.CairnException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a repository holds at a revision.
 *
 * @param commit what the revision stands for now
 * @param files by name
 */
record Listing(HubId id, String commit, Map<String, HubFile> files) {
    /**
     * Reads the answer of {@code /api/models/ID/revision/REVISION?blobs=true}.
     *
     * @throws CairnException when it is something else
     */
    static Listing parse(HubId id, byte[] json) {
        try {
            JsonNode root = JsonMapper.shared().readTree(json);
            String commit = root.path("sha").stringValue("");
            if (!HubId.isCommit(commit)) {
                throw new CairnException(
                        id + ": the hub's answer names no commit; check HF_ENDPOINT");
            }
            Map<String, HubFile> files = new LinkedHashMap<>();
            for (JsonNode sibling : root.path("siblings")) {
                String name = sibling.path("rfilename").stringValue("");
                files.put(name, new HubFile(name, size(sibling), checksum(sibling)));
            }
            return new Listing(id, commit, files);
        } catch (JacksonException e) {
            throw new CairnException(id + ": the hub's answer is no JSON; check HF_ENDPOINT", e);
        }
    }

    private static @Nullable Long size(JsonNode sibling) {
        JsonNode size = sibling.path("lfs").path("size");
        if (!size.isIntegralNumber()) {
            size = sibling.path("size");
        }
        return size.canConvertToLong() && size.longValue() >= 0 ? size.longValue() : null;
    }

    /** For an LFS file {@code blobId} is the name of the pointer to it, not its own. */
    private static @Nullable Checksum checksum(JsonNode sibling) {
        JsonNode lfs = sibling.path("lfs");
        String hash =
                lfs.isObject()
                        ? lfs.path("sha256").stringValue("")
                        : sibling.path("blobId").stringValue("");
        return Checksum.parse(hash).orElse(null);
    }
}
