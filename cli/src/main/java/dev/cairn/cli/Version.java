package dev.cairn.cli;

import dev.cairn.recipe.Provenance;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The output of {@code cairn --version}: what a bug report or a measurement needs to state. */
final class Version implements IVersionProvider {
    private static final String PROPERTIES = "version.properties";

    @Override
    public String[] getVersion() throws IOException {
        return new String[] {"cairn %s (%s)".formatted(number(), Provenance.machine())};
    }

    /** The version in the pom, which Maven writes into this resource. */
    static String number() throws IOException {
        try (InputStream in = Version.class.getResourceAsStream(PROPERTIES)) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", "(unpackaged)");
        }
    }
}
