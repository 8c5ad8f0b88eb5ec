package dev.cairn.stack.config;

import dev.cairn.CairnException;
import dev.cairn.support.Range;
import dev.cairn.support.YamlFile;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The configuration of a teacher, which writes the texts of stages without gold text.
 *
 * @param baseUrl address of an OpenAI-compatible server, including {@code /v1}
 * @param model name of the model on that server
 * @param local a model or a stack on this machine instead of a server: a path relative to the YAML
 *     file, or an id on the hub; null for a server
 * @param system the system message; null for none
 * @param maxTokens maximum number of tokens of an answer
 * @param seed seed of the first sample's first answer
 * @param samples number of texts requested per question and stage
 * @param concurrency number of concurrent requests
 * @param timeout time limit for an answer, in seconds
 * @param maxRetries how often a request is retried if the server is busy or the connection breaks
 * @param apiKeyEnv environment variable that holds the API key; null sends none
 * @param price price of a million tokens; null if it is free
 */
public record TeacherConfig(
        String baseUrl,
        String model,
        @Nullable String local,
        @Nullable String system,
        double temperature,
        double topP,
        int maxTokens,
        long seed,
        int samples,
        int concurrency,
        int timeout,
        int maxRetries,
        @Nullable String apiKeyEnv,
        @Nullable Price price) {

    /**
     * The price of a million tokens, in any currency.
     *
     * @param input price of prompt tokens
     * @param output price of answer tokens
     */
    public record Price(double input, double output) {
        public Price {
            Range.within("price.input", input, 0, 1e9);
            Range.within("price.output", output, 0, 1e9);
        }

        /** The price of this many tokens. */
        public double of(long inputTokens, long outputTokens) {
            return (inputTokens * input + outputTokens * output) / 1e6;
        }
    }

    /** The defaults: Ollama on this machine. */
    static final ObjectNode DEFAULTS =
            YamlFile.literal(
                    """
                    base_url: http://localhost:11434/v1
                    model: llama3.2:3b
                    temperature: 0.7
                    top_p: 1.0
                    max_tokens: 256
                    seed: 0
                    samples: 1
                    concurrency: 4
                    timeout: 120
                    max_retries: 5
                    """);

    /** The defaults, as for an empty YAML section. */
    public static final TeacherConfig DEFAULT =
            new YamlFile(Path.of(""), DEFAULTS).as(TeacherConfig.class);

    /**
     * A teacher behind an OpenAI-compatible address.
     *
     * @param baseUrl the address, including {@code /v1}
     * @param model name of the model on that server
     */
    public static TeacherBuilder server(String baseUrl, String model) {
        return new TeacherBuilder(baseUrl, model, null);
    }

    /**
     * A teacher on this machine.
     *
     * @param name a model or a stack's YAML file: a path, or an id on the hub
     */
    public static TeacherBuilder local(String name) {
        return new TeacherBuilder(DEFAULT.baseUrl(), DEFAULT.model(), name);
    }

    public TeacherConfig {
        checkAddress(baseUrl);
        if (model.isBlank()) {
            throw new CairnException("model: expected a name, found \"\"");
        }
        Range.within("temperature", temperature, 0, 2);
        Range.within("top_p", topP, Range.ABOVE_0, 1);
        Range.within("max_tokens", maxTokens, 1, 1 << 20);
        Range.within("samples", samples, 1, 1000);
        Range.within("concurrency", concurrency, 1, 256);
        Range.within("timeout", timeout, 1, 86_400);
        Range.within("max_retries", maxRetries, 0, 100);
    }

    /**
     * All settings that the teacher's texts depend on. The address is not one of them: the same
     * model on another server is the same teacher.
     */
    public String settings() {
        if (local != null && StackConfig.isFile(local)) {
            return "stack %s, seed %d".formatted(local, seed);
        }
        return "model %s, system %s, temperature %s, top_p %s, max_tokens %d, seed %d"
                .formatted(
                        local != null ? local : model, system, temperature, topP, maxTokens, seed);
    }

    /** The parsed address. */
    public URI address() {
        return URI.create(baseUrl);
    }

    private static void checkAddress(String url) {
        try {
            URI uri = new URI(url);
            if (uri.getHost() == null || !String.valueOf(uri.getScheme()).matches("https?")) {
                throw badAddress(url, null);
            }
        } catch (URISyntaxException e) {
            throw badAddress(url, e);
        }
    }

    private static CairnException badAddress(String url, @Nullable Throwable cause) {
        return new CairnException(
                "base_url: expected an address such as http://localhost:11434/v1, found '"
                        + url
                        + "'",
                cause);
    }
}
