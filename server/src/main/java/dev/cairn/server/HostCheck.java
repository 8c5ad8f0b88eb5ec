package dev.cairn.server;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets in only requests that name this machine. A page from elsewhere can have its own name point
 * to 127.0.0.1 and then read what a server there says; the header Host still carries that name.
 */
final class HostCheck {
    private final Set<String> names;

    private HostCheck(Set<String> names) {
        this.names = names;
    }

    /**
     * @param host the address that is listened on
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

    /** A request without the header is none of a browser. */
    boolean allows(@Nullable String host) {
        return host == null || names.contains(withoutPort(host).toLowerCase(Locale.ROOT));
    }

    /** Any port is fine: a tunnel may end on another. */
    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }
}
