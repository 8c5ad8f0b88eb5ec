package dev.cairn.cli;

import dev.cairn.hub.HubSettings;
import java.nio.file.Path;
import java.util.Map;

/**
 * The environment variables that verbs read. A test binds {@link #VARIABLES} instead of starting a
 * process of its own.
 */
final class Environment {
    /** Unbound, the variables of the process. */
    static final ScopedValue<Map<String, String>> VARIABLES = ScopedValue.newInstance();

    private Environment() {}

    static Map<String, String> variables() {
        return VARIABLES.isBound() ? VARIABLES.get() : System.getenv();
    }

    /** The settings of the hub that these variables describe. */
    static HubSettings hub() {
        return HubSettings.of(variables(), Path.of(System.getProperty("user.home")));
    }
}
