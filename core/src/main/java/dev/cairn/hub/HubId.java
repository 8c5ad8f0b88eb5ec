package dev.cairn.hub;

import dev.cairn.CairnException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A repository of the hub at a revision, as {@code ORG/NAME@REVISION}. The rules for names are
 * those of huggingface_hub ({@code validate_repo_id}); a revision is a commit, or a branch or tag
 * with a name that git allows.
 *
 * @param org user or organisation; null for the few old models without one, such as gpt2
 * @param revision branch, tag or commit
 */
public record HubId(@Nullable String org, String name, String revision) {
    private static final String DEFAULT_REVISION = "main";
    private static final Pattern NAME = Pattern.compile("\\w([\\w.-]{0,94}\\w)?");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    /**
     * The rules of git-check-ref-format(1); a match is a relative path below the folder of refs.
     */
    private static final Pattern REVISION =
            Pattern.compile(
                    "(?!.*(\\.\\.|//|@\\{|\\.lock(/|$)|(^|/)\\.))[^\\x00-\\x20\\x7f~^:?*\\[\\\\]{1,200}");

    public HubId {
        if ((org != null && !isName(org)) || !isName(name)) {
            throw new CairnException(
                    "%s: expected the name of a model on the hub, such as ORG/NAME, with letters, digits, _, - and . only"
                            .formatted(org == null ? name : org + "/" + name));
        }
        if (!REVISION.matcher(revision).matches()
                || revision.startsWith("/")
                || revision.endsWith("/")
                || revision.endsWith(".")) {
            throw new CairnException(
                    "%s: expected a branch, a tag or a commit after @, found '%s'"
                            .formatted(name, revision));
        }
    }

    private static boolean isName(String part) {
        return NAME.matcher(part).matches()
                && !part.contains("--")
                && !part.contains("..")
                && !part.endsWith(".git");
    }

    /**
     * Parses {@code ORG/NAME} or {@code NAME}, with or without {@code @REVISION}.
     *
     * @throws CairnException saying what is wrong with it
     */
    public static HubId parse(String text) {
        int at = text.indexOf('@');
        String repository = at < 0 ? text : text.substring(0, at);
        int slash = repository.indexOf('/');
        return new HubId(
                slash < 0 ? null : repository.substring(0, slash),
                repository.substring(slash + 1),
                at < 0 ? DEFAULT_REVISION : text.substring(at + 1));
    }

    /**
     * Parses an id where a path is allowed too: only {@code ORG/NAME}, with or without
     * {@code @REVISION}, and not the name of a GGUF file. Empty for anything else.
     */
    public static Optional<HubId> inPlaceOfPath(String text) {
        try {
            HubId id = parse(text);
            return id.org == null || text.endsWith(".gguf") ? Optional.empty() : Optional.of(id);
        } catch (CairnException notAnId) {
            return Optional.empty();
        }
    }

    /** {@code ORG/NAME}, without the revision. */
    public String repository() {
        return org == null ? name : org + "/" + name;
    }

    /** The repository's folder in the cache. */
    String folder() {
        return "models--" + repository().replace("/", "--");
    }

    boolean isCommit() {
        return COMMIT.matcher(revision).matches();
    }

    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    @Override
    public String toString() {
        return revision.equals(DEFAULT_REVISION) ? repository() : repository() + "@" + revision;
    }
}
