package dev.cairn.server;

import dev.cairn.server.http.ErrorResponses;
import dev.cairn.server.openai.ModelRegistry;
import dev.cairn.server.page.CorrectionRoutes;
import dev.cairn.server.page.TraceRoutes;
import dev.cairn.CairnException;
import dev.cairn.server.trace.TraceRecorder;
import dev.cairn.text.completion.Correction;
import dev.cairn.text.completion.ServedModel;
import io.javalin.Javalin;
import io.javalin.util.JavalinException;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** A server that answers for models over HTTP, until it is closed. */
public final class Server implements AutoCloseable {
    /** How long what runs may go on when the server is told to end. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** How long it may take to tell the clients of what did not finish. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** How long a connection may make no progress, in reading or in writing. */
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final ServerSettings settings;
    private final Javalin javalin;
    private final GracefulShutdown closing;
    private final Metrics metrics;

    private Server(ServerSettings settings, Javalin javalin, GracefulShutdown closing, Metrics metrics) {
        this.settings = settings;
        this.javalin = javalin;
        this.closing = closing;
        this.metrics = metrics;
    }

    /**
     * Starts to serve; when this returns, the server answers.
     *
     * @param models what is offered, at least one
     * @param traces where answers are kept; stays open when the server closes
     * @param book where corrections are kept
     * @param meters registers what is to be measured beside what the server measures itself
     * @param log takes a line for every request, and for every error that nobody foresaw
     * @throws CairnException when the address cannot be listened on, or is open to others while no
     *     API key is given
     */
    public static Server start(
            ServerSettings settings,
            List<ServedModel> models,
            TraceRecorder traces,
            Correction.Book book,
            Consumer<MeterRegistry> meters,
            Consumer<String> log) {
        return start(settings, models, traces, book, meters, log, IDLE);
    }

    static Server start(
            ServerSettings settings,
            List<ServedModel> models,
            TraceRecorder traces,
            Correction.Book book,
            Consumer<MeterRegistry> meters,
            Consumer<String> log,
            Duration idle) {
        ApiKeys access = ApiKeys.of(settings.apiKeys());
        requireKeyForOthers(settings.host(), access);
        ModelRegistry offered = new ModelRegistry(models);
        ServerLimits limits = settings.limits();
        RequestQueue turnstile = new RequestQueue(limits.parallel(), limits.queue());
        GracefulShutdown closing = new GracefulShutdown();
        Metrics metrics = new Metrics(turnstile, meters);
        ErrorResponses failures = new ErrorResponses(log);
        RequestLog requests = new RequestLog(log, settings.logsPrompts());
        CompletionHandler answering =
                new CompletionHandler(limits, turnstile, closing, traces, metrics, requests, failures);
        RequestFilter gate =
                new RequestFilter(
                        closing,
                        access.needsKey() ? null : HostCheck.forLoopback(settings.host()),
                        new CorsPolicy(settings.corsOrigins()),
                        access,
                        limits);
        Routes routes =
                new Routes(
                        offered,
                        limits,
                        turnstile,
                        answering,
                        metrics,
                        new TraceRoutes(traces, limits),
                        new CorrectionRoutes(book, limits));
        Javalin javalin = JavalinFactory.create(settings, idle, gate, routes, failures, metrics, requests);
        Server server = new Server(settings, javalin, closing, metrics);
        server.listen();
        return server;
    }

    /** The same with nothing more to measure, and no log. */
    public static Server start(
            ServerSettings settings,
            List<ServedModel> models,
            TraceRecorder traces,
            Correction.Book book) {
        return start(settings, models, traces, book, registry -> {}, line -> {});
    }

    private static void requireKeyForOthers(String host, ApiKeys access) {
        if (!isLoopback(host) && !access.needsKey()) {
            throw new CairnException(
                    "listening on %s lets other machines in, which needs an API key; give one (--api-key-file FILE or CAIRN_API_KEY), or listen on 127.0.0.1"
                            .formatted(host));
        }
    }

    private static boolean isLoopback(String host) {
        try {
            // The empty name is this machine for Java, and all its addresses for others.
            return !host.isBlank()
                    && Arrays.stream(InetAddress.getAllByName(host))
                            .allMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException e) {
            throw new CairnException(
                    "no address is known for host '%s'; give one of this machine, such as 127.0.0.1"
                            .formatted(host),
                    e);
        }
    }

    private void listen() {
        try {
            javalin.start(settings.host(), settings.port());
        } catch (JavalinException e) {
            metrics.close();
            throw new CairnException(
                    "cannot listen on %s port %d: it is taken, or not for you to use; choose another with --port"
                            .formatted(settings.host(), settings.port()),
                    e);
        }
    }

    public int port() {
        return javalin.port();
    }

    /** Where the server answers, such as {@code http://127.0.0.1:8080}. */
    public URI address() {
        String host = settings.host();
        boolean bare = host.contains(":") && !host.startsWith("[");
        return URI.create("http://" + (bare ? "[" + host + "]" : host) + ":" + port());
    }

    /**
     * Takes nothing new on, lets what runs finish for up to 20 seconds, ends what still runs then,
     * and stops to listen.
     */
    @Override
    public void close() {
        close(PATIENCE);
    }

    void close(Duration patience) {
        closing.close(patience, GRACE);
        javalin.stop();
        metrics.close();
    }
}
