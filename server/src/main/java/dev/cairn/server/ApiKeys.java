package dev.cairn.server;

import dev.cairn.CairnException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The API keys, one of which a caller must send; without any, everybody may call. */
final class ApiKeys {
    private static final String SCHEME = "Bearer ";

    private final List<byte[]> digests;

    private ApiKeys(List<byte[]> digests) {
        this.digests = digests;
    }

    static ApiKeys of(List<String> keys) {
        if (keys.stream().anyMatch(String::isBlank)) {
            throw new CairnException("an API key is empty; give it some characters, or leave it out");
        }
        return new ApiKeys(keys.stream().map(ApiKeys::digest).toList());
    }

    boolean isEmpty() {
        return digests.isEmpty();
    }

    /**
     * Whether a caller may pass. Compares every key in full, so that the time it takes says nothing
     * about any of them.
     *
     * @param authorization the header {@code Authorization}, if there is one
     */
    boolean allow(@Nullable String authorization) {
        if (isEmpty()) {
            return true;
        }
        byte[] sent = digest(key(authorization));
        boolean found = false;
        for (byte[] key : digests) {
            found |= MessageDigest.isEqual(key, sent);
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
