package dev.cairn.server;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Accepts only requests whose header {@code Host} names this machine. A website can make its own
 * name resolve to 127.0.0.1 and then read what a server there responds (DNS rebinding), but the
 * header still carries that name.
 */
final class HostCheck {
    private final Set<String> names;

    private HostCheck(Set<String> names) {
        this.names = names;
    }

    /**
     * @param host the address the server listens on
     */
    static HostCheck forLoopback(String host) {
        String bare = host.toLowerCase(Locale.ROOT);
        return new HostCheck(
                Set.copyOf(
                        List.of(
                                "localhost",
                                "127.0.0.1",
                                "[::1]",
                                bare.contains(":") && !bare.startsWith("[")
                                        ? "[" + bare + "]"
                                        : bare)));
    }

    /** Also allows requests without the header, which do not come from a browser. */
    boolean allows(@Nullable String host) {
        return host == null || names.contains(withoutPort(host).toLowerCase(Locale.ROOT));
    }

    /** The host without its port, which is ignored because a tunnel may use another one. */
    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }
}
