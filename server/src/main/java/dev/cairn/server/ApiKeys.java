package dev.cairn.server;

import dev.cairn.CairnException;
import dev.cairn.support.Sha256;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The API keys of a server. A caller must send one of them; if there are none, anybody may call.
 */
final class ApiKeys {
    private static final String SCHEME = "Bearer ";

    private final List<Sha256> digests;

    private ApiKeys(List<Sha256> digests) {
        this.digests = digests;
    }

    static ApiKeys of(List<String> keys) {
        if (keys.stream().anyMatch(String::isBlank)) {
            throw new CairnException(
                    "an API key is empty; expected at least one character, or no key at all");
        }
        return new ApiKeys(keys.stream().map(Sha256::of).toList());
    }

    boolean isEmpty() {
        return digests.isEmpty();
    }

    /**
     * Whether a caller may pass. Compares every key in full, so that the response time reveals
     * nothing about the keys.
     *
     * @param authorization the header {@code Authorization}; null if it is missing
     */
    boolean allow(@Nullable String authorization) {
        if (isEmpty()) {
            return true;
        }
        Sha256 sent = Sha256.of(key(authorization));
        boolean found = false;
        for (Sha256 digest : digests) {
            found |= digest.equals(sent);
        }
        return found;
    }

    private static String key(@Nullable String authorization) {
        return authorization != null
                        && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? authorization.substring(SCHEME.length()).strip()
                : "";
    }
}
