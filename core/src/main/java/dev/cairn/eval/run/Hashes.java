package dev.cairn.eval.run;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** The hashes by which lm-evaluation-harness tells records and prompts apart. */
final class Hashes {
    /** As Python's {@code json.dumps(..., indent=2, ensure_ascii=False)} writes. */
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

    /** SHA-256 of a record. */
    static String of(JsonNode doc) {
        return of(PYTHON.writeValueAsString(doc));
    }

    /** SHA-256 of a text's UTF-8, in hex. */
    static String of(String text) {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
