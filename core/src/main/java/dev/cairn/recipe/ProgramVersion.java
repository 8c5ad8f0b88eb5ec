package dev.cairn.recipe;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * This version of Cairn, as Maven writes it into a resource.
 *
 * @param number the version in the pom
 * @param commit the commit it was built from; empty if unknown, or if files had been changed
 */
public record ProgramVersion(String number, Optional<String> commit) {
    private static final String PROPERTIES = "version.properties";

    /** The version of this program. */
    public static ProgramVersion here() {
        try (InputStream in = ProgramVersion.class.getResourceAsStream(PROPERTIES)) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return new ProgramVersion(
                    properties.getProperty("version", "(unpackaged)"),
                    // Unset, the variable's name remains.
                    Optional.of(properties.getProperty("commit", ""))
                            .filter(commit -> commit.matches("[0-9a-f]{40}")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The version of Java, without its build, such as 25.0.3. */
    public static String java() {
        return Runtime.version().version().stream()
                .map(String::valueOf)
                .collect(Collectors.joining("."));
    }
}
