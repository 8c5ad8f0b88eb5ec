package dev.cairn.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;

/** Why a response is missing or incomplete; Java's own messages about it are not fit for users. */
public enum ConnectionFailure {
    /** The name has no address, or there is no network. */
    UNKNOWN_HOST,
    /** Nobody listens at the address. */
    REFUSED,
    CONNECT_TIMEOUT,
    /** Connected, but no response in time. */
    TIMEOUT,
    /** The server does not speak TLS, or its certificate is not trusted. */
    TLS,
    /** The connection ended before the response did. */
    BROKEN;

    /** What an exception of the JDK's HTTP client means. */
    public static ConnectionFailure of(IOException e) {
        if (isUnknownHost(e)) {
            return UNKNOWN_HOST;
        }
        return switch (e) {
            case ConnectException refused -> REFUSED;
            case HttpConnectTimeoutException late -> CONNECT_TIMEOUT;
            case HttpTimeoutException late -> TIMEOUT;
            case SSLException tls -> TLS;
            default -> BROKEN;
        };
    }

    private static boolean isUnknownHost(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException
                    || cause instanceof UnknownHostException) {
                return true;
            }
        }
        return false;
    }
}
