package dev.cairn.server;

import dev.cairn.CairnException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who may call: whoever shows one of the keys, or everybody when there is none. */
final class ApiKeys {
    private static final String SCHEME = "Bearer ";

    private final List<byte[]> digests;

    private ApiKeys(List<byte[]> digests) {
        this.digests = digests;
    }

    static ApiKeys of(List<String> keys) {
        if (keys.stream().anyMatch(String::isBlank)) {
            throw new CairnException("an API key is empty; give some characters, or no key at all");
        }
        return new ApiKeys(keys.stream().map(ApiKeys::digest).toList());
    }

    boolean needsKey() {
        return !digests.isEmpty();
    }

    /**
     * Compares every key in full, so that the time it takes says nothing about any of them.
     *
     * @param authorization the header, if there is one
     */
    boolean allows(@Nullable String authorization) {
        if (!needsKey()) {
            return true;
        }
        byte[] shown = digest(key(authorization));
        boolean found = false;
        for (byte[] key : digests) {
            found |= MessageDigest.isEqual(key, shown);
        }
        return found;
    }

    private static String key(@Nullable String authorization) {
        return authorization != null
                        && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? authorization.substring(SCHEME.length()).strip()
                : "";
    }

    private static byte[] digest(String key) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
