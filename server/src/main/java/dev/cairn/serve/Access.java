package dev.cairn.serve;

import dev.cairn.CairnException;
import dev.cairn.Sha256;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who may call: whoever shows one of the keys, or everybody when there is none. */
final class Access {
    private static final String SCHEME = "Bearer ";

    private final List<Sha256> digests;

    private Access(List<Sha256> digests) {
        this.digests = digests;
    }

    static Access of(List<String> keys) {
        if (keys.stream().anyMatch(String::isBlank)) {
            throw new CairnException("an API key is empty; give some characters, or no key at all");
        }
        return new Access(keys.stream().map(Sha256::of).toList());
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
        Sha256 shown = Sha256.of(key(authorization));
        boolean found = false;
        for (Sha256 digest : digests) {
            found |= digest.equals(shown);
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
