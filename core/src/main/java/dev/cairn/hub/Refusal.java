package dev.cairn.hub;

import dev.cairn.CairnException;
import java.net.URI;
import java.net.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Explains the hub's refusals to a person, by their status and {@code X-Error-Code}
 * (huggingface_hub, {@code hf_raise_for_status}).
 *
 * @param isTokenSent whether the configured address was given a token
 * @param mirrored host that the configured address redirects to, if that one refuses; it was not
 *     given the token
 */
record Refusal(HubId id, HubSettings settings, boolean isTokenSent, @Nullable String mirrored) {
    static final String ERROR_CODE = "X-Error-Code";

    private static final String INVALID_TOKEN = "Invalid credentials in Authorization header";

    CairnException of(int status, HttpHeaders headers) {
        String said = headers.firstValue("X-Error-Message").orElse("");
        String code = headers.firstValue(ERROR_CODE).orElse("");
        return new CairnException(
                switch (code) {
                    case "GatedRepo" -> gated();
                    case "RevisionNotFound" -> noRevision();
                    case "EntryNotFound" ->
                            id + ": the hub lists a file it does not have; try again later";
                    case "RepoNotFound" -> noModel();
                    default -> byStatus(status, said);
                });
    }

    private String byStatus(int status, String said) {
        if (status == 401 && isTokenSent && said.equals(INVALID_TOKEN)) {
            return "%s: the hub does not accept the token in %s; set a valid one in HF_TOKEN"
                    .formatted(id, source());
        }
        return switch (status) {
            // The hub does not tell strangers which private models exist.
            case 401, 404 -> noModel();
            case 403 ->
                    "%s: the hub refuses access%s; %s"
                            .formatted(id, quoted(said), tokenAdvice("may read it"));
            default ->
                    "%s: %s answers %d%s".formatted(id, settings.endpoint(), status, quoted(said));
        };
    }

    private String gated() {
        URI page = URI.create(settings.endpoint() + "/" + id.repository());
        return "%s: is gated; accept its conditions at %s, then %s"
                .formatted(id, page, tokenAdvice("has access to it"));
    }

    private String noRevision() {
        return "%s: the model exists, but has no revision '%s'; see its branches and tags at %s/%s"
                .formatted(id.repository(), id.revision(), settings.endpoint(), id.repository());
    }

    private String noModel() {
        return "%s: no such model on %s, or it is private; check the name, or %s"
                .formatted(id.repository(), settings.endpoint(), tokenAdvice("may read it"));
    }

    private String tokenAdvice(String right) {
        if (isTokenSent && mirrored != null) {
            return "set HF_ENDPOINT to the address at %s, because the token in %s is sent to %s alone"
                    .formatted(mirrored, source(), settings.endpoint());
        }
        return isTokenSent
                ? "check that the token in %s %s".formatted(source(), right)
                : "set HF_TOKEN to a token that " + right;
    }

    private String source() {
        HubToken token = settings.token();
        return token == null ? "HF_TOKEN" : token.source();
    }

    /** A server's words must not control a person's terminal. */
    private static String quoted(String said) {
        String line = said.replaceAll("\\p{Cc}", " ").strip();
        return line.isEmpty()
                ? ""
                : " ('" + (line.length() > 200 ? line.substring(0, 200) + "..." : line) + "')";
    }
}
