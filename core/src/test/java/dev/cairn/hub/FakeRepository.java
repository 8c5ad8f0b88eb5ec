package dev.cairn.hub;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A repository of {@link FakeHub}, at one commit that follows from what it holds. */
public final class FakeRepository {
    private record Stored(byte[] bytes, boolean isLarge) {}

    private final String id;
    private final Map<String, Stored> files = new TreeMap<>();
    private final Set<String> revisions = new LinkedHashSet<>(Set.of("main"));
    private @Nullable String token;
    private boolean isGated;
    private boolean isSilent;

    FakeRepository(String id) {
        this.id = id;
    }

    String id() {
        return id;
    }

    /** A file that git holds. */
    public FakeRepository small(String name, String content) {
        files.put(name, new Stored(content.getBytes(StandardCharsets.UTF_8), false));
        return this;
    }

    /** An LFS file, which the storage server has. */
    public FakeRepository large(String name, byte[] content) {
        files.put(name, new Stored(content, true));
        return this;
    }

    /** The small files of every model. */
    public FakeRepository model() {
        return small("config.json", "{\"model_type\": \"fake\"}")
                .small("generation_config.json", "{}")
                .small("tokenizer.json", "{\"model\": {}}")
                .small("tokenizer_config.json", "{}")
                .small("README.md", "# A model")
                .small(".gitattributes", "*.safetensors filter=lfs");
    }

    /** A branch or tag that stands for the commit too. */
    public FakeRepository revision(String name) {
        revisions.add(name);
        return this;
    }

    /** Lets in only who brings this token. */
    public FakeRepository needs(String needed) {
        token = needed;
        return this;
    }

    /** Lets nobody in who has not accepted the conditions. */
    public FakeRepository gated() {
        isGated = true;
        return this;
    }

    /** The listing says neither sizes nor hashes. */
    public FakeRepository silent() {
        isSilent = true;
        return this;
    }

    public String commit() {
        MessageDigest all = digest("SHA-1");
        files.forEach(
                (name, file) -> all.update((name + hash(file)).getBytes(StandardCharsets.UTF_8)));
        return hex(all.digest());
    }

    FakeHub.@Nullable Fault refusal(@Nullable String authorization) {
        if (isGated) {
            return FakeHub.status(
                    403,
                    "X-Error-Code",
                    "GatedRepo",
                    "X-Error-Message",
                    "Access to model is restricted.");
        }
        if (token == null || ("Bearer " + token).equals(authorization)) {
            return null;
        }
        return authorization == null
                ? FakeHub.status(401, "X-Error-Message", "Invalid username or password.")
                : FakeHub.status(
                        401, "X-Error-Message", "Invalid credentials in Authorization header");
    }

    boolean hasRevision(String revision) {
        return revisions.contains(revision) || revision.equals(commit());
    }

    boolean has(String name) {
        return files.containsKey(name);
    }

    boolean isLarge(String name) {
        Stored file = files.get(name);
        return file != null && file.isLarge();
    }

    private Stored stored(String name) {
        return Objects.requireNonNull(files.get(name), name);
    }

    byte[] bytes(String name) {
        return stored(name).bytes();
    }

    /** The name of a file among the cache's blobs. */
    public String hash(String name) {
        return hash(stored(name));
    }

    private static String hash(Stored file) {
        MessageDigest digest = digest(file.isLarge() ? "SHA-256" : "SHA-1");
        if (!file.isLarge()) {
            digest.update(("blob " + file.bytes().length + "\0").getBytes(StandardCharsets.UTF_8));
        }
        return hex(digest.digest(file.bytes()));
    }

    Map<String, String> headers(String name) {
        Stored file = stored(name);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("X-Repo-Commit", commit());
        if (file.isLarge()) {
            headers.put("X-Linked-Etag", "\"" + hash(file) + "\"");
            headers.put("X-Linked-Size", String.valueOf(file.bytes().length));
            headers.put("ETag", "\"of the redirect\"");
        } else {
            headers.put("ETag", "W/\"" + hash(file) + "\"");
        }
        return headers;
    }

    byte[] listing() {
        return JsonMapper.shared()
                .writeValueAsBytes(
                        Map.of(
                                "id",
                                id,
                                "sha",
                                commit(),
                                "siblings",
                                files.keySet().stream().map(this::sibling).toList()));
    }

    private Map<String, Object> sibling(String name) {
        Stored file = stored(name);
        Map<String, Object> sibling = new LinkedHashMap<>();
        sibling.put("rfilename", name);
        if (isSilent) {
            return sibling;
        }
        sibling.put("size", file.bytes().length);
        // As git has it: of a large file, the name of the pointer to it.
        sibling.put("blobId", file.isLarge() ? "0".repeat(40) : hash(file));
        if (file.isLarge()) {
            sibling.put("lfs", Map.of("sha256", hash(file), "size", file.bytes().length));
        }
        return sibling;
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
