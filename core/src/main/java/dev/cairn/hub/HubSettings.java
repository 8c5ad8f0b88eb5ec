package dev.cairn.hub;

import dev.cairn.CairnException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Settings for the hub, from the environment variables of huggingface_hub; an empty variable counts
 * as unset.
 *
 * @param cache the folder that holds one folder per repository
 * @param endpoint the hub's address, without a trailing slash
 * @param offline whether network calls are forbidden
 * @param token null to send none
 */
public record HubSettings(Path cache, URI endpoint, boolean offline, @Nullable HubToken token) {
    private static final Set<String> TRUE = Set.of("1", "on", "yes", "true");
    private static final Pattern VARIABLE = Pattern.compile("\\$(\\w+|\\{([^}]*)\\})");

    /** The settings in this process's environment. */
    public static HubSettings fromEnvironment() {
        return of(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    /**
     * The settings that an environment describes.
     *
     * @param environment environment variables by name
     * @param home the user's home folder
     * @throws CairnException when HF_ENDPOINT is not a valid address
     */
    public static HubSettings of(Map<String, String> environment, Path home) {
        return new Reader(environment, home).settings();
    }

    private record Reader(Map<String, String> environment, Path home) {
        HubSettings settings() {
            Path cacheHome = path(home.resolve(".cache"), "XDG_CACHE_HOME");
            Path hfHome = path(cacheHome.resolve("huggingface"), "HF_HOME");
            return new HubSettings(
                    path(hfHome.resolve("hub"), "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"),
                    endpoint(),
                    isTrue("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"),
                    isTrue("HF_HUB_DISABLE_IMPLICIT_TOKEN")
                            ? null
                            : token(path(hfHome.resolve("token"), "HF_TOKEN_PATH")));
        }

        private @Nullable String first(String... names) {
            for (String name : names) {
                String value = environment.get(name);
                if (value != null && !value.isBlank()) {
                    return name;
                }
            }
            return null;
        }

        private boolean isTrue(String... names) {
            String name = first(names);
            return name != null
                    && TRUE.contains(environment.getOrDefault(name, "").toLowerCase(Locale.ROOT));
        }

        private Path path(Path otherwise, String... names) {
            String name = first(names);
            return name == null
                    ? otherwise
                    : expanded(environment.getOrDefault(name, "")).toAbsolutePath().normalize();
        }

        /** Expands variables and {@code ~}, which only a shell would have expanded. */
        private Path expanded(String text) {
            String path =
                    VARIABLE.matcher(text)
                            .replaceAll(found ->
                                    Matcher.quoteReplacement(
                                            environment.getOrDefault(
                                                    found.group(2) != null
                                                            ? found.group(2)
                                                            : found.group(1),
                                                    found.group())));
            return path.equals("~") || path.startsWith("~/")
                    ? home.resolve(path.substring(Math.min(2, path.length())))
                    : Path.of(path);
        }

        private HubToken token(Path file) {
            String name = first("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN");
            return new HubToken(name, name == null ? null : environment.get(name), file);
        }

        private URI endpoint() {
            String text = environment.getOrDefault("HF_ENDPOINT", "").strip();
            try {
                URI uri =
                        new URI(
                                text.isEmpty()
                                        ? "https://huggingface.co"
                                        : text.replaceAll("/+$", ""));
                boolean isWeb = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
                if (isWeb
                        && uri.getHost() != null
                        && uri.getRawQuery() == null
                        && uri.getRawUserInfo() == null) {
                    return uri;
                }
            } catch (URISyntaxException e) {
                throw noAddress(text, e);
            }
            throw noAddress(text, null);
        }

        private static CairnException noAddress(String text, @Nullable Throwable cause) {
            return new CairnException(
                    "HF_ENDPOINT: expected an address such as https://huggingface.co without a name and password, found '"
                            + text.replaceAll("//[^/@]*@", "//***@")
                            + "'",
                    cause);
        }
    }
}
