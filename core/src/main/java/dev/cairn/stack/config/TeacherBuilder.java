package dev.cairn.stack.config;

import dev.cairn.stack.config.TeacherConfig.Price;
import org.jspecify.annotations.Nullable;

/** Builds a teacher's configuration in code, with the same defaults as the YAML. */
public final class TeacherBuilder {
    private static final TeacherConfig DEFAULT = TeacherConfig.DEFAULT;

    private final String baseUrl;
    private final String model;
    private final @Nullable String local;
    private @Nullable String system = DEFAULT.system();
    private double temperature = DEFAULT.temperature();
    private double topP = DEFAULT.topP();
    private int maxTokens = DEFAULT.maxTokens();
    private long seed = DEFAULT.seed();
    private int samples = DEFAULT.samples();
    private int concurrency = DEFAULT.concurrency();
    private int timeout = DEFAULT.timeout();
    private int maxRetries = DEFAULT.maxRetries();
    private @Nullable String apiKeyEnv = DEFAULT.apiKeyEnv();
    private @Nullable Price price = DEFAULT.price();

    TeacherBuilder(String baseUrl, String model, @Nullable String local) {
        this.baseUrl = baseUrl;
        this.model = model;
        this.local = local;
    }

    /** Sets the system message. */
    public TeacherBuilder system(String message) {
        system = message;
        return this;
    }

    /** Sets the sampling temperature. */
    public TeacherBuilder temperature(double value) {
        temperature = value;
        return this;
    }

    /** Sets top-p: the probability mass from which tokens are sampled. */
    public TeacherBuilder topP(double share) {
        topP = share;
        return this;
    }

    /** Sets the maximum number of tokens of an answer. */
    public TeacherBuilder maxTokens(int tokens) {
        maxTokens = tokens;
        return this;
    }

    /** Sets the seed of the first sample's first answer. */
    public TeacherBuilder seed(long value) {
        seed = value;
        return this;
    }

    /** Sets the number of texts to request per question and stage. */
    public TeacherBuilder samples(int texts) {
        samples = texts;
        return this;
    }

    /** Sets the number of concurrent requests. */
    public TeacherBuilder concurrency(int requests) {
        concurrency = requests;
        return this;
    }

    /** Sets the time limit for an answer, in seconds. */
    public TeacherBuilder timeout(int seconds) {
        timeout = seconds;
        return this;
    }

    /** Sets how often a request is retried if the server is busy or the connection breaks. */
    public TeacherBuilder maxRetries(int times) {
        maxRetries = times;
        return this;
    }

    /** Sets the environment variable that holds the API key. */
    public TeacherBuilder apiKeyEnv(String variable) {
        apiKeyEnv = variable;
        return this;
    }

    /** Sets the price of a million tokens, of prompts and of answers. */
    public TeacherBuilder price(double input, double output) {
        price = new Price(input, output);
        return this;
    }

    /**
     * Builds the configuration.
     *
     * @throws dev.cairn.CairnException if a setting is out of range; the message names it
     */
    public TeacherConfig build() {
        return new TeacherConfig(
                baseUrl,
                model,
                local,
                system,
                temperature,
                topP,
                maxTokens,
                seed,
                samples,
                concurrency,
                timeout,
                maxRetries,
                apiKeyEnv,
                price);
    }
}
