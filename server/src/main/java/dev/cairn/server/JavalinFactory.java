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

/** Sets up Javalin and the Jetty beneath it. */
final class JavalinFactory {
    private JavalinFactory() {}

    static Javalin create(
            ServerSettings settings,
            Duration idle,
            RequestFilter gate,
            Routes routes,
            ErrorResponses failures,
            Metrics metrics,
            RequestLog log) {
        return Javalin.create(config -> {
            quieten(config);
            jetty(config.jetty, idle);
            config.http.maxRequestSize = settings.limits().bodyBytes();
            config.routes.before(gate::pass);
            routes.register(config.routes);
            config.routes.exception(Exception.class, (e, ctx) -> failures.answer(ctx, e));
            // Javalin has an answer of its own to these unless it is told otherwise.
            config.routes.exception(
                    HttpResponseException.class, (e, ctx) -> failures.answer(ctx, e));
            config.router.javaLangErrorHandler(failures::answerError);
            config.requestLogger.http((ctx, millis) -> {
                Duration taken = Duration.ofNanos((long) (millis * 1e6));
                metrics.request(ctx, Routes.nameOf(ctx.path()), taken);
                log.request(ctx, taken);
            });
        });
    }

    private static void quieten(JavalinConfig config) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        // A compressor holds back what should be seen at once.
        config.http.compressionStrategy = CompressionStrategy.NONE;
        config.http.prefer405over404 = true;
    }

    private static void jetty(JettyConfig jetty, Duration idle) {
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setName("http");
        // Handlers block, thus run on virtual threads; what listens has threads of its own.
        threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("http-"));
        jetty.threadPool = threads;
        jetty.modifyHttpConfiguration(http -> http(http, idle));
        jetty.modifyServer(server -> server.setErrorHandler(new JettyErrorHandler()));
        // Ids of models have slashes, which some clients write as %2F.
        jetty.modifyServletContextHandler(handler -> {
            handler.getServletHandler().setDecodeAmbiguousURIs(true);
            handler.setErrorHandler(new JettyErrorHandler());
        });
    }

    private static void http(HttpConfiguration http, Duration idle) {
        http.setSendServerVersion(false);
        http.setIdleTimeout(idle.toMillis());
        http.setUriCompliance(UriCompliance.from("DEFAULT,AMBIGUOUS_PATH_SEPARATOR"));
    }
}
