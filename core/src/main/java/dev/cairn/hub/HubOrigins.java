package dev.cairn.hub;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * The addresses that speak for the hub while one request is redirected. A mirror redirects to the
 * hub itself, at the same path; the hub redirects a download to a storage server, at a path of its
 * own.
 */
final class HubOrigins {
    private final List<URI> origins = new ArrayList<>();
    private final String path;

    /**
     * @param endpoint the configured address
     * @param request the address first asked
     */
    HubOrigins(URI endpoint, URI request) {
        origins.add(endpoint);
        path = request.getRawPath();
    }

    /** Whether what is said at an address is the hub's word. */
    boolean includes(URI uri) {
        return origins.stream().anyMatch(origin -> same(origin, uri));
    }

    /** Returns the target of a redirect, after adding it if it is the hub behind a mirror. */
    URI redirected(URI from, URI target) {
        if (includes(from) && !includes(target) && isSamePath(target.getRawPath())) {
            origins.add(target);
        }
        return target;
    }

    /** A mirror may have its files under a folder of its own, or the hub may. */
    private boolean isSamePath(String other) {
        return other.length() > 1 && (path.endsWith(other) || other.endsWith(path));
    }

    /** Compares scheme, host and port. */
    static boolean same(URI a, URI b) {
        return a.getScheme().equals(b.getScheme())
                && a.getHost().equalsIgnoreCase(b.getHost())
                && port(a) == port(b);
    }

    private static int port(URI uri) {
        boolean isHttps = "https".equals(uri.getScheme());
        return uri.getPort() >= 0 ? uri.getPort() : isHttps ? 443 : 80;
    }
}
