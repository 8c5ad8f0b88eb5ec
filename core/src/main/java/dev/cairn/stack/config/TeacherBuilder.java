package dev.cairn.stack.config;

import dev.cairn.stack.config.TeacherConfig.Price;
import org.jspecify.annotations.Nullable;

/** Describes a teacher in code; what is not said is as in a YAML that does not say it. */
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

    /** What a chat begins with. */
    public TeacherBuilder system(String message) {
        system = message;
        return this;
    }

    /** How far the teacher strays from the most probable text. */
    public TeacherBuilder temperature(double value) {
        temperature = value;
        return this;
    }

    /** The share of probability that tokens are chosen from. */
    public TeacherBuilder topP(double share) {
        topP = share;
        return this;
    }

    /** The most tokens of an answer. */
    public TeacherBuilder maxTokens(int tokens) {
        maxTokens = tokens;
        return this;
    }

    /** Seed of the first sample's first answer. */
    public TeacherBuilder seed(long value) {
        seed = value;
        return this;
    }

    /** Texts asked for per question and stage. */
    public TeacherBuilder samples(int texts) {
        samples = texts;
        return this;
    }

    /** Requests at the same time. */
    public TeacherBuilder concurrency(int requests) {
        concurrency = requests;
        return this;
    }

    /** Seconds an answer may take. */
    public TeacherBuilder timeout(int seconds) {
        timeout = seconds;
        return this;
    }

    /** How often a request is sent again when the server is busy or the connection breaks. */
    public TeacherBuilder maxRetries(int times) {
        maxRetries = times;
        return this;
    }

    /** The variable of the environment that holds the key. */
    public TeacherBuilder apiKeyEnv(String variable) {
        apiKeyEnv = variable;
        return this;
    }

    /** What a million tokens cost, of prompts and of answers. */
    public TeacherBuilder price(double input, double output) {
        price = new Price(input, output);
        return this;
    }

    /**
     * The teacher.
     *
     * @throws dev.cairn.CairnException naming the setting that is out of range
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
