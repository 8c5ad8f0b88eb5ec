package dev.cairn.text.tokenizer.ggml;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The pre-tokenizers of byte-level tokenizers, which split text into words: those that llama.cpp
 * knows by name and that Cairn's model families use. llama.cpp has a name for each tokenizer that
 * it met, so that several names mean the same way to split ({@code src/llama-vocab.cpp}).
 */
public enum PreTokenizer {
    GPT_2(List.of("gpt-2"), false, false, List.of("ByteLevel regex")),
    /** GPT-NeoX, Pythia and OLMo. */
    OLMO(List.of("olmo", "mpt"), true, false, List.of("ByteLevel regex")),
    /** SmolLM and SmolLM2; Granite 3, which has the name of a model with the same tokenizer. */
    SMOLLM(
            List.of("smollm", "refact", "starcoder"),
            false,
            false,
            List.of("Digits", "ByteLevel regex")),
    /** Llama 3 and Falcon 3; SmolLM3 has Llama 3's tokens and begins no text with one. */
    LLAMA_3(
            List.of("llama-bpe", "llama3", "llama-v3", "falcon3", "smaug-bpe"),
            false,
            true,
            List.of("Split " + words("{1,3}"), "ByteLevel")),
    /** Granite 4. */
    DBRX(List.of("dbrx"), false, false, List.of("Split " + words("{1,3}"), "ByteLevel")),
    /** Qwen, and the models of its architecture that DeepSeek-R1 taught. */
    QWEN_2(
            List.of("qwen2", "deepseek-r1-qwen"),
            true,
            false,
            List.of("Split " + words(""), "ByteLevel"));

    /** Where a file does not say whether a text begins with a token, llama.cpp decides by name. */
    private static final Set<String> BEGINNING =
            Set.of("llama-bpe", "llama3", "llama-v3", "falcon3");

    private final List<String> ggmlNames;
    private final boolean composes;
    private final boolean ignoresMerges;
    private final List<String> steps;

    PreTokenizer(
            List<String> ggmlNames, boolean composes, boolean ignoresMerges, List<String> steps) {
        this.ggmlNames = ggmlNames;
        this.composes = composes;
        this.ignoresMerges = ignoresMerges;
        this.steps = steps;
    }

    private static String words(String digits) {
        return "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
                + digits
                + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    }

    /** Its name in GGUF; of several, the one that Cairn writes. */
    public String ggmlName() {
        return ggmlNames.getFirst();
    }

    /** All names that have a pre-tokenizer, for messages. */
    static List<String> allNames() {
        return Arrays.stream(values()).flatMap(one -> one.ggmlNames.stream()).toList();
    }

    /** Whether a text begins with the beginning token unless the file says otherwise. */
    static boolean beginsTexts(String ggmlName) {
        return BEGINNING.contains(ggmlName);
    }

    /** Whether a word that is a token stays whole, regardless of the merges. */
    public boolean ignoresMerges() {
        return ignoresMerges;
    }

    /** The pre-tokenizer with this name in GGUF. */
    public static Optional<PreTokenizer> named(String ggmlName) {
        return Arrays.stream(values()).filter(one -> one.ggmlNames.contains(ggmlName)).findFirst();
    }

    /** The pre-tokenizer that a tokenizer.json describes, if it matches one of these exactly. */
    public static Optional<PreTokenizer> of(JsonNode tokenizer) {
        List<String> normalizers = steps(tokenizer.path("normalizer"), "normalizers");
        List<String> steps = steps(tokenizer.path("pre_tokenizer"), "pretokenizers");
        boolean ignoresMerges = tokenizer.path("model").path("ignore_merges").asBoolean(false);
        return Arrays.stream(values())
                .filter(one -> one.steps.equals(steps))
                .filter(one -> one.ignoresMerges == ignoresMerges)
                .filter(one -> normalizers.equals(one.composes ? List.of("NFC") : List.of()))
                .findFirst();
    }

    private static List<String> steps(JsonNode node, String children) {
        List<String> steps = new ArrayList<>();
        if (node.path("type").asString("").equals("Sequence")) {
            node.path(children).forEach(child -> steps.addAll(steps(child, children)));
        } else if (node.isObject()) {
            steps.add(step(node));
        }
        return steps;
    }

    private static String step(JsonNode node) {
        String type = node.path("type").asString("");
        return switch (type) {
            case "NFC" -> type;
            case "ByteLevel" ->
                    node.path("add_prefix_space").asBoolean(true)
                            ? "ByteLevel with a space before"
                            : node.path("use_regex").asBoolean(true)
                                    ? "ByteLevel regex"
                                    : "ByteLevel";
            case "Digits" ->
                    node.path("individual_digits").asBoolean(false) ? "Digits" : "Digits in groups";
            case "Split" ->
                    node.path("behavior").asString("").equals("Isolated")
                                    && !node.path("invert").asBoolean(false)
                            ? "Split " + node.path("pattern").path("Regex").asString("")
                            : "Split otherwise";
            default -> type + " of unknown effect";
        };
    }

    /** Writes what {@link #of} reads. */
    public void describe(ObjectNode tokenizer) {
        if (composes) {
            tokenizer.putObject("normalizer").put("type", "NFC");
        } else {
            tokenizer.putNull("normalizer");
        }
        List<ObjectNode> nodes = steps.stream().map(PreTokenizer::node).toList();
        if (nodes.size() == 1) {
            tokenizer.set("pre_tokenizer", nodes.getFirst());
        } else {
            ObjectNode sequence = tokenizer.putObject("pre_tokenizer");
            sequence.put("type", "Sequence").putArray("pretokenizers").addAll(nodes);
        }
    }

    private static ObjectNode node(String step) {
        ObjectNode node = JsonMapper.shared().createObjectNode();
        if (step.startsWith("Split ")) {
            node.put("type", "Split");
            node.putObject("pattern").put("Regex", step.substring("Split ".length()));
            return node.put("behavior", "Isolated").put("invert", false);
        }
        return step.equals("Digits")
                ? node.put("type", "Digits").put("individual_digits", true)
                : byteLevel(node, step.endsWith("regex"));
    }

    /** A ByteLevel component: bytes to GPT-2's characters or, as a decoder, back. */
    public static ObjectNode byteLevel(ObjectNode node, boolean regex) {
        return node.put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", regex);
    }
}
