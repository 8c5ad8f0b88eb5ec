package dev.cairn.server;

import dev.cairn.server.http.ErrorResponses;
import dev.cairn.server.http.JettyErrorHandler;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.config.JettyConfig;
import io.javalin.http.HttpResponseException;
import java.time.Duration;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Sets up Javalin, and Jetty below it. */
final class JavalinFactory {
    private JavalinFactory() {}

    /**
     * @param maxBodyBytes the largest body of a request
     * @param idleTimeout how long a connection may be idle in reading or writing
     */
    static Javalin create(
            long maxBodyBytes,
            Duration idleTimeout,
            RequestFilter filter,
            Routes routes,
            ErrorResponses errors,
            Metrics metrics,
            RequestLog log) {
        return Javalin.create(config -> {
            configure(config);
            configure(config.jetty, idleTimeout);
            config.http.maxRequestSize = maxBodyBytes;
            config.routes.before(filter::apply);
            routes.register(config.routes);
            config.routes.exception(Exception.class, (e, ctx) -> errors.send(ctx, e));
            // Otherwise Javalin would handle these itself.
            config.routes.exception(HttpResponseException.class, (e, ctx) -> errors.send(ctx, e));
            config.router.javaLangErrorHandler(errors::sendError);
            config.requestLogger.http((ctx, millis) -> {
                Duration elapsed = Duration.ofNanos((long) (millis * 1e6));
                metrics.request(ctx, Routes.metricName(ctx.path()), elapsed);
                log.request(ctx, elapsed);
            });
        });
    }

    private static void configure(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        // A compressor would hold back events that must be sent at once.
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.http.prefer405over404 = true;
    }

    private static void configure(JettyConfig jetty, Duration idleTimeout) {
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setName("http");
        // Handlers block, so they run on virtual threads; acceptors have their own threads.
        threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("http-"));
        jetty.threadPool = threads;
        jetty.modifyHttpConfiguration(http -> configure(http, idleTimeout));
        jetty.modifyServer(server -> server.setErrorHandler(new JettyErrorHandler()));
        jetty.modifyServletContextHandler(handler -> {
            // Ids of models contain slashes, which some clients write as %2F.
            handler.getServletHandler().setDecodeAmbiguousURIs(true);
            handler.setErrorHandler(new JettyErrorHandler());
        });
    }

    private static void configure(HttpConfiguration http, Duration idleTimeout) {
        http.setSendServerVersion(false);
        http.setIdleTimeout(idleTimeout.toMillis());
        http.setUriCompliance(UriCompliance.from("DEFAULT,AMBIGUOUS_PATH_SEPARATOR"));
    }
}
