package dev.cairn.server;

import dev.cairn.CairnException;
import dev.cairn.server.http.ErrorResponses;
import dev.cairn.server.http.RequestBodies;
import dev.cairn.server.openai.ModelRegistry;
import dev.cairn.server.page.CorrectionRoutes;
import dev.cairn.server.page.TraceRoutes;
import dev.cairn.server.trace.TraceRecorder;
import dev.cairn.text.completion.Correction;
import dev.cairn.text.completion.ServedModel;
import io.javalin.Javalin;
import io.javalin.util.JavalinException;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An OpenAI-compatible server for models, which runs until it is closed.
 *
 * <pre>{@code
 * try (Server server = Server.start(ServerSettings.onPort(8080), serving.models())) {
 *     System.out.println(server.address());
 * }
 * }</pre>
 */
public final class Server implements AutoCloseable {
    /** How long running requests may take to finish when the server is closed. */
    private static final Duration TO_FINISH = Duration.ofSeconds(20);

    /** How long requests that did not finish may take to send their error. */
    private static final Duration TO_STOP = Duration.ofSeconds(5);

    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);

    private final ServerSettings settings;
    private final Javalin javalin;
    private final GracefulShutdown shutdown;
    private final Metrics metrics;

    private Server(
            ServerSettings settings, Javalin javalin, GracefulShutdown shutdown, Metrics metrics) {
        this.settings = settings;
        this.javalin = javalin;
        this.shutdown = shutdown;
        this.metrics = metrics;
    }

    /**
     * Starts a server that stores nothing and logs nothing; when this returns, it accepts requests.
     *
     * @param models the models to serve, at least one, each with its own id
     * @throws CairnException if the server cannot listen on the address, or if other machines could
     *     call it but no API key is set
     */
    public static Server start(ServerSettings settings, List<ServedModel> models) {
        return with(settings, models).start();
    }

    /** A builder for a server with further options. */
    public static Builder with(ServerSettings settings, List<ServedModel> models) {
        return new Builder(settings, models);
    }

    /** The optional parts of a server. */
    public static final class Builder {
        private final ServerSettings settings;
        private final List<ServedModel> models;
        private TraceRecorder traces = TraceRecorder.off();
        private Correction.@Nullable Store corrections;
        private MeterBinder meters = registry -> {};
        private Consumer<String> log = line -> {};
        private Duration idleTimeout = IDLE_TIMEOUT;
        private LongSupplier nanoTime = System::nanoTime;

        private Builder(ServerSettings settings, List<ServedModel> models) {
            this.settings = settings;
            this.models = List.copyOf(models);
        }

        /** Stores completions in this recorder, which stays open when the server is closed. */
        public Builder traces(TraceRecorder recorder) {
            traces = recorder;
            return this;
        }

        /** Stores the corrections that people make on the page in this store. */
        public Builder corrections(Correction.Store store) {
            corrections = store;
            return this;
        }

        /** Adds meters to {@code /metrics}. */
        public Builder meters(MeterBinder binder) {
            meters = binder;
            return this;
        }

        /** Logs a line for every request, and one for every unexpected error. */
        public Builder log(Consumer<String> lines) {
            log = lines;
            return this;
        }

        /** Sets how long a connection may be idle in reading or writing. */
        Builder idleTimeout(Duration timeout) {
            idleTimeout = timeout;
            return this;
        }

        /** Sets the clock for timeouts of requests and keep-alives of streams. */
        Builder nanoTime(LongSupplier clock) {
            nanoTime = clock;
            return this;
        }

        /**
         * Starts the server; when this returns, it accepts requests.
         *
         * @throws CairnException as {@link Server#start} does
         */
        public Server start() {
            ApiKeys keys = ApiKeys.of(settings.apiKeys());
            settings.requireKeyForOthers();
            ServerLimits limits = settings.limits();
            ModelRegistry registry = new ModelRegistry(models);
            RequestBodies bodies = new RequestBodies(limits.bodyBytes(), limits.timeout());
            RequestQueue queue = new RequestQueue(limits.parallel(), limits.queue());
            GracefulShutdown shutdown = new GracefulShutdown();
            Metrics metrics = new Metrics(queue, meters);
            ErrorResponses errors = new ErrorResponses(log);
            RequestLog requests = new RequestLog(log, settings.logsPrompts());
            RequestFilter filter =
                    new RequestFilter(
                            shutdown,
                            keys.isEmpty() ? HostCheck.forLoopback(settings.host()) : null,
                            new CorsPolicy(settings.corsOrigins()),
                            keys,
                            bodies);
            CompletionHandler completions =
                    new CompletionHandler(
                            limits.timeout(),
                            nanoTime,
                            queue,
                            shutdown,
                            traces,
                            metrics,
                            requests,
                            errors);
            Routes routes =
                    new Routes(
                            registry,
                            bodies,
                            limits.maxTokens(),
                            queue,
                            completions,
                            metrics,
                            new TraceRoutes(traces, bodies),
                            new CorrectionRoutes(corrections, bodies));
            Javalin javalin =
                    JavalinFactory.create(
                            limits.bodyBytes(),
                            idleTimeout,
                            filter,
                            routes,
                            errors,
                            metrics,
                            requests);
            Server server = new Server(settings, javalin, shutdown, metrics);
            server.listen();
            return server;
        }
    }

    private void listen() {
        try {
            javalin.start(settings.host(), settings.port());
        } catch (JavalinException e) {
            metrics.close();
            throw new CairnException(
                            "cannot listen on %s port %d: it is in use, or you may not use it; choose another port"
                                    .formatted(settings.host(), settings.port()),
                            e)
                    .suggesting("port");
        }
    }

    public int port() {
        return javalin.port();
    }

    /** The server's root address, such as {@code http://127.0.0.1:8080}. */
    public URI address() {
        String host = settings.host();
        boolean needsBrackets = host.contains(":") && !host.startsWith("[");
        return URI.create("http://" + (needsBrackets ? "[" + host + "]" : host) + ":" + port());
    }

    /**
     * Stops accepting requests, gives running ones up to 20 seconds to finish, ends the rest, and
     * stops listening.
     */
    @Override
    public void close() {
        close(TO_FINISH);
    }

    void close(Duration toFinish) {
        shutdown.shutDown(toFinish, TO_STOP);
        javalin.stop();
        metrics.close();
    }
}
