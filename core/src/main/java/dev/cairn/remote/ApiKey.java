package dev.cairn.remote;

import dev.cairn.CairnException;
import org.jspecify.annotations.Nullable;

/** The key of a server, which no file and no command line holds. */
public final class ApiKey {
    private ApiKey() {}

    /**
     * The key that a variable of the environment holds; null when none is named.
     *
     * @throws CairnException when the variable is not set
     */
    public static @Nullable String of(@Nullable String variable) {
        if (variable == null) {
            return null;
        }
        String key = System.getenv(variable);
        if (key == null || key.isBlank()) {
            throw new CairnException(
                    "api_key_env: the environment variable %s is not set; set it to the key, or leave api_key_env out"
                            .formatted(variable));
        }
        return key.strip();
    }
}
