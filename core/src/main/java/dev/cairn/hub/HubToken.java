package dev.cairn.hub;

import dev.cairn.CairnException;
import dev.cairn.support.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The place of the hub's access token. The token is read when a request needs it and never shown.
 *
 * @param variable the environment variable that holds it; null to read the file
 * @param file the file that {@code hf auth login} writes; need not exist
 */
public record HubToken(@Nullable String variable, @Nullable String value, Path file) {
    /**
     * The token, if there is one.
     *
     * @throws CairnException when the file cannot be read or holds something that is not a token
     */
    Optional<String> read() {
        String text = value != null ? value : fromFile();
        String token = text.replaceAll("[\\r\\n]", "").strip();
        // Checked here because the HTTP client would print a value it rejects.
        if (!token.matches("[\\x21-\\x7e]*")) {
            throw new CairnException(
                    source() + ": holds characters that a hub token cannot have; set it again");
        }
        return token.isEmpty() ? Optional.empty() : Optional.of(token);
    }

    private String fromFile() {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new CairnException(
                    "%s: the token for the hub cannot be read: %s"
                            .formatted(file, AtomicFiles.reason(e)),
                    e);
        }
    }

    /** Where the token comes from, for messages: a variable's name or a file's path. */
    public String source() {
        return variable != null ? variable : file.toString();
    }

    @Override
    public String toString() {
        return "HubToken[" + source() + "]";
    }
}
