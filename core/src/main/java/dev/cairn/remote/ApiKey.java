package dev.cairn.remote;

import dev.cairn.CairnException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a server's API key from the environment, so that it appears in no file and on no command
 * line.
 */
public final class ApiKey {
    private ApiKey() {}

    /**
     * The key in an environment variable; null when {@code variable} is null.
     *
     * @throws CairnException when the variable is not set or blank
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
