package dev.cairn.hub;

import dev.cairn.CairnException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The contents of a repository at a revision.
 *
 * @param commit the commit that the revision points to now
 * @param files by name
 */
record Listing(HubId id, String commit, Map<String, HubFile> files) {
    /**
     * Parses the response of {@code /api/models/ID/revision/REVISION?blobs=true}.
     *
     * @throws CairnException when it is not such a response
     */
    static Listing parse(HubId id, byte[] json) {
        try {
            JsonNode root = JsonMapper.shared().readTree(json);
            String commit = root.path("sha").stringValue("");
            if (!HubId.isCommit(commit)) {
                throw new CairnException(
                        id + ": the hub's response names no commit; check HF_ENDPOINT");
            }
            Map<String, HubFile> files = new LinkedHashMap<>();
            for (JsonNode sibling : root.path("siblings")) {
                String name = sibling.path("rfilename").stringValue("");
                files.put(name, new HubFile(name, size(sibling), checksum(sibling)));
            }
            return new Listing(id, commit, files);
        } catch (JacksonException e) {
            throw new CairnException(id + ": the hub's response is not JSON; check HF_ENDPOINT", e);
        }
    }

    private static @Nullable Long size(JsonNode sibling) {
        JsonNode size = sibling.path("lfs").path("size");
        if (!size.isIntegralNumber()) {
            size = sibling.path("size");
        }
        return size.canConvertToLong() && size.longValue() >= 0 ? size.longValue() : null;
    }

    /** For an LFS file {@code blobId} is the id of its pointer file, not of the file itself. */
    private static @Nullable Checksum checksum(JsonNode sibling) {
        JsonNode lfs = sibling.path("lfs");
        String hash =
                lfs.isObject()
                        ? lfs.path("sha256").stringValue("")
                        : sibling.path("blobId").stringValue("");
        return Checksum.parse(hash).orElse(null);
    }
}
