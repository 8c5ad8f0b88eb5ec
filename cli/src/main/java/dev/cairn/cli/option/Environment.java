package dev.cairn.cli.option;

import dev.cairn.hub.HubSettings;
import java.nio.file.Path;
import java.util.Map;

/**
 * The environment variables that verbs read. A test binds {@link #VARIABLES} instead of starting a
 * process of its own.
 */
public final class Environment {
    /** Unbound, the variables of the process. */
    public static final ScopedValue<Map<String, String>> VARIABLES = ScopedValue.newInstance();

    private Environment() {}

    public static Map<String, String> variables() {
        return VARIABLES.isBound() ? VARIABLES.get() : System.getenv();
    }

    /** The settings of the hub that these variables describe. */
    public static HubSettings hub() {
        return HubSettings.of(variables(), Path.of(System.getProperty("user.home")));
    }
}
