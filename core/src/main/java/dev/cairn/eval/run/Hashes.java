package dev.cairn.eval.run;

import dev.cairn.support.Sha256;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** Computes the hashes by which lm-evaluation-harness identifies records. */
final class Hashes {
    /** Writes like Python's {@code json.dumps(..., indent=2, ensure_ascii=False)}. */
    private static final ObjectWriter PYTHON = JsonMapper.shared().writer().with(python());

    private Hashes() {}

    private static PrettyPrinter python() {
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        return new DefaultPrettyPrinter(
                        Separators.createDefaultInstance()
                                .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                                .withObjectEmptySeparator("")
                                .withArrayEmptySeparator(""))
                .withObjectIndenter(lines)
                .withArrayIndenter(lines);
    }

    /** SHA-256 of a record, in hex. */
    static String of(JsonNode doc) {
        return Sha256.of(PYTHON.writeValueAsString(doc)).hex();
    }
}
