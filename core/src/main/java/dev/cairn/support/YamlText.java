package dev.cairn.support;

import dev.cairn.CairnException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLParser;

/** The text of a YAML file, to be parsed into keys and values. Errors name the line. */
record YamlText(Path file, String text) {
    /** A larger file was not written by a person; most likely it holds a model's weights. */
    static final int MAX_BYTES = 1 << 20;

    private static final Pattern CONTROL =
            Pattern.compile(
                    "[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F-\\x84\\x86-\\x9F\\uFFFE\\uFFFF]");
    private static final Pattern LINE = Pattern.compile("in reader, line (\\d+)");

    /**
     * Reads a file.
     *
     * @throws CairnException if it cannot be read, is too large or is not UTF-8 text
     */
    static YamlText read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new CairnException(
                        "%s: expected YAML of at most %d bytes, found more; check the path"
                                .formatted(file, MAX_BYTES));
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            return new YamlText(
                    file, StandardCharsets.UTF_8.newDecoder().decode(buffer).toString());
        } catch (CharacterCodingException e) {
            throw new CairnException(file + ": not UTF-8 text; convert it to UTF-8", e);
        } catch (IOException e) {
            throw new CairnException(
                    file + ": cannot be read: " + AtomicFiles.reason(e) + "; check the path", e);
        }
    }

    /**
     * The keys at the top level.
     *
     * @throws CairnException if the text is not valid YAML or holds no keys
     */
    ObjectNode keys() {
        refuseControlCharacters();
        try {
            refuseAliases();
            JsonNode root = YamlFile.YAML.readTree(text);
            if (root instanceof ObjectNode keys) {
                return keys;
            }
            throw new CairnException(
                    file + ": expected keys and values, found " + YamlKeys.shown(root));
        } catch (JacksonException e) {
            throw error(line(e), problem(e), e);
        }
    }

    private void refuseControlCharacters() {
        Matcher control = CONTROL.matcher(text);
        if (control.find()) {
            long line = 1 + text.chars().limit(control.start()).filter(c -> c == '\n').count();
            throw error(
                    line,
                    "the control character U+%04X does not belong in a text file"
                            .formatted((int) text.charAt(control.start())),
                    null);
        }
    }

    /** Rejects aliases: the tree would hold an alias's name instead of its value. */
    private void refuseAliases() {
        try (YAMLParser parser = (YAMLParser) YamlFile.YAML.createParser(text)) {
            while (parser.nextToken() != null) {
                if (parser.isCurrentAlias()) {
                    throw error(
                            parser.currentTokenLocation().getLineNr(),
                            "the alias *%s is not supported; write the value out"
                                    .formatted(parser.getString()),
                            null);
                }
            }
        }
    }

    private CairnException error(long line, String problem, @Nullable Throwable cause) {
        String where = line > 0 ? file + ":" + line : file.toString();
        return new CairnException(where + ": " + problem, cause);
    }

    /**
     * The last line that the scanner's message names, which is closer to the mistake than Jackson's
     * location.
     */
    private static int line(JacksonException e) {
        TokenStreamLocation location = e.getLocation();
        int line = location == null ? 0 : location.getLineNr();
        Matcher matcher = LINE.matcher(e.getOriginalMessage());
        while (matcher.find()) {
            line = Integer.parseInt(matcher.group(1));
        }
        return line;
    }

    private static String problem(JacksonException e) {
        String message = e.getOriginalMessage();
        if (e instanceof StreamConstraintsException) {
            return message.replaceAll(", from `.*`", "");
        }
        if (e instanceof MismatchedInputException) {
            return "expected one document, found a second one; put each in its own file";
        }
        if (message.startsWith("Expected a property name")) {
            return "expected a key; quote text that begins with a brace, as in \"{{input}}\"";
        }
        if (message.startsWith("Duplicate Object property ")) {
            return message.replaceFirst("Duplicate Object property", "key") + " is given twice";
        }
        // Lines that start with a space repeat the place in the file; the line number already gives
        // it.
        return message.lines()
                .filter(line -> !line.isBlank() && !line.startsWith(" "))
                .collect(Collectors.joining(", ", "not valid YAML: ", ""));
    }
}
