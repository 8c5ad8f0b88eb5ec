package dev.cairn.cli;

import dev.cairn.cli.option.JsonOption;
import dev.cairn.cli.option.NamedModels;
import dev.cairn.model.ModelSummary;
import dev.cairn.tensor.Attention;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** {@code cairn show}: describes a model and the memory it needs. */
@Command(
        name = "show",
        description = "Describe a model and the memory it needs to run and to train.")
final class Show implements Callable<Integer> {
    /** The defaults of training: rank, rows, and tokens of a row. */
    static final int LORA_R = 8;

    static final int MICRO_BATCH_SIZE = 8;
    static final int SEQUENCE_LEN = 512;

    @Parameters(
            paramLabel = "MODEL",
            description =
                    "A Hugging Face model directory, a GGUF file, or ORG/NAME[@REVISION][:FILE] on the hub.")
    private String model = "";

    @Mixin private JsonOption json = new JsonOption();

    @Override
    public Integer call() {
        ModelSummary summary = ModelSummary.of(NamedModels.finder().find(model).directory());
        System.out.println(json.isWanted() ? json(summary) : text(summary));
        return 0;
    }

    private static int tokens(ModelSummary s) {
        return MICRO_BATCH_SIZE * Math.min(SEQUENCE_LEN, s.config().maxPositions());
    }

    private static long trainAdapter(ModelSummary s) {
        return s.bytesToTrainAdapter(s.adapterSize(LORA_R), tokens(s));
    }

    private String text(ModelSummary s) {
        Attention.Shape shape = s.attention();
        StringBuilder out = new StringBuilder(model);
        line(
                out,
                "architecture",
                "%s: %d layers of %d, %d heads of %d, %d of them with keys"
                        .formatted(
                                s.config().modelType(),
                                s.config().numHiddenLayers(),
                                s.config().hiddenSize(),
                                shape.heads(),
                                shape.headDim(),
                                shape.kvHeads()));
        line(out, "parameters", "%,d".formatted(s.parameters()));
        line(out, "dtype", dtypes(s.dtypes()));
        line(out, "context", "%,d tokens".formatted(s.config().maxPositions()));
        line(out, "vocabulary", "%,d tokens".formatted(s.config().vocabSize()));
        line(out, "weights", bytes(s.weightBytes()));
        line(
                out,
                "memory to run",
                "about %s with the whole context; a token's keys and values take %s"
                        .formatted(
                                bytes(s.bytesToRun(s.config().maxPositions())),
                                bytes(s.cacheBytesPerToken())));
        line(
                out,
                "memory to train",
                "about %2$s for an adapter of rank %1$d, %3$s for all weights (%4$,d tokens at a time)"
                        .formatted(
                                LORA_R,
                                bytes(trainAdapter(s)),
                                bytes(s.bytesToTrain(tokens(s))),
                                tokens(s)));
        return out.toString();
    }

    private static void line(StringBuilder out, String name, String value) {
        out.append("\n  %-16s %s".formatted(name, value));
    }

    private static String dtypes(Map<String, Long> dtypes) {
        return dtypes.size() == 1
                ? dtypes.keySet().iterator().next()
                : dtypes.entrySet().stream()
                        .map(e -> "%s (%,d numbers)".formatted(e.getKey(), e.getValue()))
                        .collect(Collectors.joining(", "));
    }

    /** Bytes to three digits, because the estimate is no more precise. */
    static String bytes(long bytes) {
        String[] units = {"B", "kB", "MB", "GB", "TB"};
        double value = bytes;
        int unit = 0;
        for (; value >= 999.5 && unit < units.length - 1; unit++) {
            value /= 1000;
        }
        String format =
                value < 9.995 && unit > 0
                        ? "%.2f %s"
                        : value < 99.95 && unit > 0 ? "%.1f %s" : "%.0f %s";
        return String.format(Locale.ROOT, format, value, units[unit]);
    }

    private String json(ModelSummary s) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("model", model);
        map.put("model_type", s.config().modelType());
        map.put("num_hidden_layers", s.config().numHiddenLayers());
        map.put("hidden_size", s.config().hiddenSize());
        map.put("num_attention_heads", s.attention().heads());
        map.put("num_key_value_heads", s.attention().kvHeads());
        map.put("head_dim", s.attention().headDim());
        map.put("max_position_embeddings", s.config().maxPositions());
        map.put("vocab_size", s.config().vocabSize());
        map.put("eos_token_ids", s.config().eosIds());
        map.put("parameters", s.parameters());
        map.put("dtypes", s.dtypes());
        map.put("weight_bytes", s.weightBytes());
        map.put("cache_bytes_per_token", s.cacheBytesPerToken());
        map.put("bytes_to_run", s.bytesToRun(s.config().maxPositions()));
        map.put("bytes_to_train_adapter", trainAdapter(s));
        map.put("bytes_to_train", s.bytesToTrain(tokens(s)));
        map.put("tokens_at_a_time", tokens(s));
        return JsonMapper.shared().writeValueAsString(map);
    }
}
