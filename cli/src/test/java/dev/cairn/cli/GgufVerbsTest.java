package dev.cairn.cli;

import static dev.cairn.cli.Cli.cairn;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.config.TargetModules;
import dev.cairn.convert.Checkpoint;
import dev.cairn.convert.GgmlVocabularyReader;
import dev.cairn.convert.GgufExport;
import dev.cairn.format.GgmlType;
import dev.cairn.format.Gguf;
import dev.cairn.format.GgufValue;
import dev.cairn.format.Safetensors;
import dev.cairn.model.LoraAdapter;
import dev.cairn.model.Models;
import dev.cairn.model.PeftConfig;
import dev.cairn.text.tokenizer.Tokenizer;
import dev.cairn.text.tokenizer.ggml.GgmlVocabulary;
import dev.cairn.text.tokenizer.ggml.VocabularyKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The verbs fuse, export and import; {@code tools/goldens/gguf_fixtures.py} made the files. */
class GgufVerbsTest {
    private static final Path PEBBLE = Path.of("models/pebble");
    private static final String HEAD = "embed_out.weight";
    private static final Path GOLDENS = Path.of("core/src/test/resources/goldens/gguf");

    @TempDir Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"llama-q8_0", "qwen2-q4_0"})
    void othersFilesAreReadAsTheyMeanThem(String name) {
        Path model = directory.resolve("model");
        done("import", GOLDENS.resolve(name + ".gguf"), "--output", model);

        try (Safetensors found = Safetensors.open(model);
                Safetensors expected = Safetensors.open(GOLDENS.resolve(name + ".safetensors"))) {
            assertThat(found.names()).isEqualTo(expected.names());
            for (String tensor : expected.names()) {
                assertThat(found.entry(tensor).toFloats())
                        .as(tensor)
                        .isEqualTo(expected.entry(tensor).toFloats());
            }
        }
        Tokenizer tokenizer = Tokenizer.load(model);
        for (JsonNode one :
                JsonMapper.shared().readTree(GOLDENS.resolve(name + ".json").toFile())) {
            int[] tokens = one.path("tokens").valueStream().mapToInt(JsonNode::asInt).toArray();
            assertThat(tokenizer.encode(one.path("text").asString())).isEqualTo(tokens);
        }
        done("score", "--model", model, "--context", "the", "--continuation", " tent");
    }

    @Test
    void anExportedModelComesBack() throws IOException {
        Path model = directory.resolve("model");
        Cli.Result export = done("export", PEBBLE, "--output", directory, "--gguf");
        Path file = directory.resolve("pebble-BF16.gguf");
        assertThat(export.out().strip()).isEqualTo(file.toString());
        assertThat(Files.readString(directory.resolve("Modelfile")))
                .contains("\nFROM ./pebble-BF16.gguf\n", "\nPARAMETER num_ctx 512\n");

        done("import", file, "--output", model);
        assertSameWeights(model, PEBBLE);
        assertThat(Models.open(model).config()).isEqualTo(Models.open(PEBBLE).config());
        String text = "Emma went to the park.";
        assertThat(Tokenizer.load(model).encode(text))
                .isEqualTo(Tokenizer.load(PEBBLE).encode(text));
    }

    /** The pieces' own tests are those of {@code OllamaTemplate}; here is where they end up. */
    @Test
    void aModelWithAChatTemplateHasItInFileAndModelfile() throws IOException {
        Path model = copy(PEBBLE, directory.resolve("chat"));
        String jinja =
                "{% for m in messages %}<{{ m.role }}>{{ m.content }}<end>{% endfor %}"
                        + "{% if add_generation_prompt %}<assistant>{% endif %}";
        TinyBase.write(model.resolve("chat_template.jinja"), jinja);
        Path file = directory.resolve("out/chat.gguf");

        done("export", model, "--gguf", "q8_0", "--output", file, "--stop", "\n");

        assertThat(file.resolveSibling("Modelfile"))
                .content()
                .contains("<user>{{ .Content }}<end>")
                .contains("PARAMETER stop \"\"\"<end>\"\"\"\nPARAMETER stop \"\"\"\n\"\"\"\n");
        try (Gguf gguf = Gguf.open(file)) {
            assertThat(gguf.text("tokenizer.chat_template")).isEqualTo(jinja);
        }

        TinyBase.write(model.resolve("chat_template.jinja"), "{{ messages|length }}");
        Path other = directory.resolve("other/chat.gguf");
        Cli.Result second = done("export", model, "--gguf", "q8_0", "--output", other);
        assertThat(second.err())
                .contains("the chat template cannot be translated for the Modelfile");
        assertThat(other.resolveSibling("Modelfile"))
                .content()
                .contains("TEMPLATE \"\"\"{{ .Prompt }}\"\"\"\n")
                .doesNotContain("stop");

        String trimming = jinja.replace("m.content", "m.content | trim");
        TinyBase.write(model.resolve("chat_template.jinja"), trimming);
        Path third = directory.resolve("third");
        assertThat(done("export", model, "--gguf", "--output", third).err())
                .contains("the chat template strips white space around messages");
    }

    @Test
    void whatAnExportWouldLoseIsKept() throws IOException {
        Path folder = directory.resolve("out");
        done("export", PEBBLE, "--gguf", "--output", folder);
        Path gguf = folder.resolve("pebble-BF16.gguf");

        refused("export", PEBBLE, "--gguf", "--output", folder, gguf + ": exists already");
        Path modelfile = folder.resolve("Modelfile");
        TinyBase.write(modelfile, Files.readString(modelfile) + "SYSTEM mine\n");
        refused(
                "export",
                PEBBLE,
                "--gguf",
                "q8_0",
                "--output",
                folder,
                "Modelfile: exists already");
        assertThat(modelfile).content().endsWith("SYSTEM mine\n");

        Path quoted = directory.resolve("quoted");
        refused("export", PEBBLE, "--gguf", "--output", quoted, "--stop", "\"", "quotation marks");
        assertThat(quoted).doesNotExist();
    }

    @Test
    void everyTokenThatEndsATurnIsImported() throws IOException {
        Path file = exported("turns.gguf", "eot_token_id", new GgufValue.Uint32(5));
        Path model = directory.resolve("model");

        done("import", file, "--output", model);

        assertThat(Models.open(model).config().eosIds()).containsExactly(0, 5);
    }

    @Test
    void aSettingOfTheTokenizerThatIsNotKnownIsRefused() {
        Path file = exported("odd.gguf", "lowercase", new GgufValue.Flag(true));

        refused(
                "import",
                file,
                "--output",
                directory.resolve("model"),
                "key 'tokenizer.ggml.lowercase': a tokenizer setting that Cairn does not");
    }

    /** The bundled base with one more key of the tokenizer. */
    private Path exported(String name, String key, GgufValue value) {
        Path file = directory.resolve(name);
        try (Checkpoint weights = Checkpoint.open(PEBBLE, null)) {
            GgmlVocabulary vocabulary = GgmlVocabularyReader.read(PEBBLE, weights.vocabSize());
            Map<String, GgufValue> keys = VocabularyKeys.write(vocabulary);
            keys.put("tokenizer.ggml." + key, value);
            GgufExport.write(file, weights, null, name, keys);
        }
        return file;
    }

    private static Path copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        return to;
    }

    /** A GGUF file of GPT-NeoX has a head of its own; Pebble's is its embedding. */
    private static void assertSameWeights(Path one, Path other) {
        try (Safetensors found = Safetensors.open(one);
                Safetensors expected = Safetensors.open(other)) {
            assertThat(found.names()).contains(HEAD).hasSize(expected.names().size() + 1);
            assertThat(found.entry(HEAD).toFloats())
                    .isEqualTo(expected.entry("gpt_neox.embed_in.weight").toFloats());
            for (String tensor : expected.names()) {
                assertThat(found.entry(tensor).toFloats())
                        .isEqualTo(expected.entry(tensor).toFloats());
            }
        }
    }

    @Test
    void anAdapterIsExportedAsItsBaseFused() {
        Path adapter = adapter("stage");
        Path fused = directory.resolve("fused");
        Path back = directory.resolve("back");
        Path file = directory.resolve("adapted.gguf");

        done("fuse", adapter, "--output", fused);
        done("export", adapter, "--gguf", "f32", "--output", file, "--stop", "\n\n");
        done("import", file, "--output", back);

        try (Safetensors found = Safetensors.open(back);
                Safetensors expected = Safetensors.open(fused);
                Safetensors base = Safetensors.open(PEBBLE)) {
            String changed = "gpt_neox.layers.0.attention.query_key_value.weight";
            assertThat(expected.entry(changed).toFloats())
                    .isNotEqualTo(base.entry(changed).toFloats());
            float[] exact = found.entry(changed).toFloats();
            float[] rounded = expected.entry(changed).toFloats();
            for (int i = 0; i < exact.length; i++) {
                // The fused model is BF16 like its base: 8 binary digits.
                assertThat(Math.abs(rounded[i] - exact[i]))
                        .isLessThanOrEqualTo(Math.abs(exact[i]) * 0x1.01p-8f);
            }
        }
        assertThat(directory.resolve("Modelfile")).content().contains("stop \"\"\"\n\n\"\"\"");
        assertThat(fused.resolve("config.json"))
                .hasSameBinaryContentAs(PEBBLE.resolve("config.json"));
        assertThat(fused.resolve("tokenizer.json")).exists();
        Tokenizer.load(fused);
    }

    /** An adapter that changes something, named after the bundled base. */
    private Path adapter(String name) {
        var model = Models.open(PEBBLE);
        LoraAdapter adapter =
                LoraAdapter.fresh(
                        model,
                        PeftConfig.of(
                                PEBBLE.toString(), 2, 4, 0, TargetModules.names("query_key_value")),
                        1);
        SplittableRandom random = new SplittableRandom(2);
        adapter.parameters().stream()
                .filter(p -> p.name().contains("lora_B"))
                .forEach(p -> {
                    for (int r = 0; r < p.value().rows(); r++) {
                        p.value().set(r, 0, random.nextGaussian());
                    }
                });
        Path path = directory.resolve(name);
        adapter.save(path);
        return path;
    }

    @Test
    void nothingIsWrittenOverWhatIsThere() throws IOException {
        Path full = directory.resolve("full");
        Path other = TinyBase.write(full.resolve("notes.txt"), "mine");
        Path ollama = directory.resolve("ollama");
        Path modelfile = TinyBase.write(ollama.resolve("Modelfile"), "FROM llama3\n");

        refused("fuse", adapter("stage"), "--output", full, "is not empty");
        refused("import", GOLDENS.resolve("llama-q8_0.gguf"), "--output", full, "is not empty");
        refused("import", GOLDENS.resolve("llama-q8_0.gguf"), "--output", other, "not a folder");
        refused("export", PEBBLE, "--gguf", "--output", ollama, "Modelfile: exists already");
        assertThat(other).hasContent("mine");
        assertThat(modelfile).hasContent("FROM llama3\n");
        try (Stream<Path> files = Files.list(ollama)) {
            assertThat(files).containsExactly(modelfile);
        }
    }

    @Test
    void namesWhatDoesNotGoTogether() throws IOException {
        Path adapter = adapter("stage");
        refused(
                "fuse",
                PEBBLE,
                "--output",
                directory.resolve("x"),
                ": not an adapter: it has no adapter_config.json");
        refused(
                "export",
                PEBBLE,
                "--gguf",
                "f16",
                "--base",
                PEBBLE,
                "--output",
                directory,
                "not an adapter (it has no adapter_config.json), so no base applies; leave the base out (--base)");
        refused(
                "fuse",
                adapter,
                "--base",
                directory.resolve("none"),
                "--output",
                directory.resolve("x"),
                "none: no such model directory");
        Path config = adapter.resolve("adapter_config.json");
        Files.writeString(
                config, Files.readString(config).replace("models/pebble", "models/gone/away"));
        refused(
                "fuse",
                adapter,
                "--output",
                directory.resolve("x"),
                "base_model_name_or_path: models/gone/away: no such model directory or GGUF file; give the base (--base)");
        done("fuse", adapter, "--base", PEBBLE, "--output", directory.resolve("x"));
    }

    @ParameterizedTest
    @CsvSource({"f32, F32", "F16, F16", "bf16, BF16", "q8_0, Q8_0"})
    void matricesAreOfTheTypeAndVectorsF32(String option, GgmlType type) {
        Path file = directory.resolve("model.gguf");
        done("export", PEBBLE, "--gguf", option, "--output", file);

        try (Gguf gguf = Gguf.open(file)) {
            for (String name : gguf.names()) {
                boolean isMatrix = gguf.entry(name).shape().length > 1;
                assertThat(gguf.entry(name).type()).isEqualTo(isMatrix ? type : GgmlType.F32);
            }
        }
    }

    @Test
    void wrongUsageIsOneLine() {
        Cli.Result unknown = cairn("export", PEBBLE, "--gguf", "q5_1", "--output", directory);
        assertThat(unknown.status()).isEqualTo(2);
        assertThat(unknown.err()).hasLineCount(1).contains("q5_1");
        assertThat(cairn("export", PEBBLE, "--output", directory).status()).isEqualTo(2);
        assertThat(cairn("import", PEBBLE).status()).isEqualTo(2);
    }

    /** Damage may go unnoticed in numbers and names, but ends in a model or in one line. */
    @Test
    @Tag("long")
    void damagedFilesEndInOneLine() throws IOException {
        byte[] bytes = Files.readAllBytes(GOLDENS.resolve("qwen2-q4_0.gguf"));
        SplittableRandom random = new SplittableRandom(9);
        Path damaged = directory.resolve("damaged.gguf");
        int head = 8000;
        int refused = 0;
        for (int round = 0; round < 120; round++) {
            byte[] copy = bytes.clone();
            for (int i = 0; i < 4; i++) {
                copy[random.nextInt(head)] = (byte) random.nextInt();
            }
            Files.write(damaged, copy);
            Path out = directory.resolve("out" + round);
            Cli.Result result = cairn("import", damaged, "--output", out);
            if (result.status() != 0) {
                assertThat(result.status()).isEqualTo(1);
                assertThat(result.err())
                        .hasLineCount(1)
                        .startsWith("cairn: " + damaged)
                        .doesNotContain("internal error");
                assertThat(left(out)).isEmpty();
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(30);
    }

    private static TreeSet<Path> left(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return new TreeSet<>();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return new TreeSet<>(files.toList());
        }
    }

    private static Cli.Result done(Object... args) {
        Cli.Result result = cairn(args);
        assertThat(result.status()).as(result.err()).isZero();
        return result;
    }

    /** The last word is what the error has to say. */
    private static void refused(Object... argsAndComplaint) {
        int count = argsAndComplaint.length - 1;
        Cli.Result result = cairn(Arrays.copyOf(argsAndComplaint, count));
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .hasLineCount(1)
                .contains(argsAndComplaint[count].toString())
                .doesNotContain("internal error");
    }
}
