package dev.cairn.recipe.bench;

import dev.cairn.recipe.ProgramVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * How fast a model is on this machine.
 *
 * @param model name of the model
 * @param format the numbers its matrices are held in: as stored, int8, int4 or bf16
 * @param weightBytes size of its weights in the files
 * @param firstTokenSeconds from the opening of the model, once, in a process that has just begun,
 *     to the first token of an answer
 * @param runBytes peak memory of the process before anything was trained; null if unknown
 * @param trainBytes peak memory with training; null if unknown or nothing was trained
 */
public record BenchResults(
        String model,
        String format,
        long parameters,
        long weightBytes,
        int threads,
        String processor,
        double firstTokenSeconds,
        List<BenchTest> tests,
        @Nullable Long runBytes,
        @Nullable Long trainBytes) {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    public BenchResults {
        tests = List.copyOf(tests);
    }

    private List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("model", "size", "params", "format", "threads", "test", "t/s"));
        for (BenchTest test : tests) {
            rows.add(row(test.name(), "%.2f ± %.2f", test.mean(), test.deviation()));
        }
        return rows;
    }

    private List<String> row(String test, String format, Object... values) {
        return List.of(
                model,
                String.format(Locale.ROOT, "%.2f MiB", weightBytes / 0x1p20),
                String.format(Locale.ROOT, "%.2f M", parameters / 1e6),
                format(),
                String.valueOf(threads),
                test,
                String.format(Locale.ROOT, format, values));
    }

    /** The lines below the table. */
    private List<String> rest() {
        List<String> lines = new ArrayList<>();
        lines.add(
                String.format(
                        Locale.ROOT,
                        "first token %.0f ms after the model began to open",
                        firstTokenSeconds * 1e3));
        if (runBytes != null) {
            lines.add(
                    "peak memory "
                            + megabytes(runBytes)
                            + (trainBytes == null
                                    ? ""
                                    : ", with training " + megabytes(trainBytes)));
        }
        lines.add(
                "cairn %s, Java %s, %s"
                        .formatted(
                                ProgramVersion.here().number(), ProgramVersion.java(), processor));
        return lines;
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.0f MB", bytes / 1e6);
    }

    /** A table for a terminal. */
    public String toText() {
        List<List<String>> rows = rows();
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                int at = column;
                int width = rows.stream().mapToInt(r -> r.get(at).length()).max().orElseThrow();
                String cell = row.get(column);
                boolean isText = column == 0 || column == 3 || column == 5;
                line.append(isText ? cell : " ".repeat(width - cell.length()) + cell)
                        .append(isText ? " ".repeat(width - cell.length()) : "")
                        .append("  ");
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text + String.join("\n", rest()) + "\n";
    }

    /** A table in Markdown, as llama-bench writes one. */
    public String toMarkdown() {
        List<List<String>> rows = rows();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            text.append("| ").append(String.join(" | ", rows.get(i))).append(" |\n");
            if (i == 0) {
                text.append("| --- | ---: | ---: | --- | ---: | --- | ---: |\n");
            }
        }
        return text + "\n" + String.join("; ", rest()) + "\n";
    }

    /** An object; its tests have llama-bench's names for rates: avg_ts, stddev_ts, samples_ts. */
    public String toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", model);
        json.put("format", format);
        json.put("parameters", parameters);
        json.put("weight_bytes", weightBytes);
        json.put("threads", threads);
        json.put("processor", processor);
        json.put("cairn", ProgramVersion.here().number());
        json.put("java", ProgramVersion.java());
        json.put("first_token_ms", firstTokenSeconds * 1e3);
        json.put("peak_memory_bytes", runBytes);
        json.put("peak_memory_with_training_bytes", trainBytes);
        json.put("tests", tests.stream().map(BenchResults::json).toList());
        return JSON.writeValueAsString(json) + "\n";
    }

    private static Map<String, Object> json(BenchTest test) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("test", test.name());
        json.put("n_prompt", test.promptTokens());
        json.put("n_gen", test.newTokens());
        json.put("parallel", test.parallel());
        json.put("avg_ts", test.mean());
        json.put("stddev_ts", test.deviation());
        json.put("samples_ts", test.rates());
        return json;
    }
}
