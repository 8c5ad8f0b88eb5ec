package dev.cairn.hub;

import dev.cairn.CairnException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A repository of the hub at a revision, as {@code ORG/NAME@REVISION}, or a GGUF file in it, as
 * {@code ORG/NAME@REVISION:FILE}. The rules for names are those of huggingface_hub ({@code
 * validate_repo_id}); a revision is a commit, or a branch or tag with a name that git allows.
 *
 * @param org user or organisation; null for the few old models without one, such as gpt2
 * @param revision branch, tag or commit
 * @param file name of a GGUF file, or a part of its name such as Q4_K_M; null for the model that
 *     the repository as a whole holds
 */
public record HubId(@Nullable String org, String name, String revision, @Nullable String file) {
    private static final String DEFAULT_REVISION = "main";
    private static final Pattern NAME = Pattern.compile("\\w([\\w.-]{0,94}\\w)?");
    private static final Pattern FILE = Pattern.compile("[^\\p{Cc}@:\\\\]{1,200}");
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
        if (file != null && !FILE.matcher(file).matches()) {
            throw new CairnException(
                    "%s: expected a GGUF file or a quantisation such as Q4_K_M after the colon, found '%s'; a revision stands before it"
                            .formatted(name, file.replaceAll("\\p{Cc}", "?")));
        }
    }

    /** A repository as a whole. */
    public HubId(@Nullable String org, String name, String revision) {
        this(org, name, revision, null);
    }

    private static boolean isName(String part) {
        return NAME.matcher(part).matches()
                && !part.contains("--")
                && !part.contains("..")
                && !part.endsWith(".git");
    }

    /**
     * Parses {@code ORG/NAME} or {@code NAME}, with or without {@code @REVISION} and {@code :FILE}.
     *
     * @throws CairnException saying what is wrong with it
     */
    public static HubId parse(String text) {
        int colon = text.indexOf(':');
        String file = colon < 0 ? null : text.substring(colon + 1);
        String place = colon < 0 ? text : text.substring(0, colon);
        int at = place.indexOf('@');
        String repository = at < 0 ? place : place.substring(0, at);
        int slash = repository.indexOf('/');
        return new HubId(
                slash < 0 ? null : repository.substring(0, slash),
                repository.substring(slash + 1),
                at < 0 ? DEFAULT_REVISION : place.substring(at + 1),
                file);
    }

    /**
     * Parses an id where a path is allowed too: only with an organisation, and not {@code
     * ORG/NAME.gguf}, which is a file in a folder. Empty for anything else.
     */
    public static Optional<HubId> inPlaceOfPath(String text) {
        try {
            HubId id = parse(text);
            boolean isFile = id.file == null && text.endsWith(".gguf");
            return id.org == null || isFile ? Optional.empty() : Optional.of(id);
        } catch (CairnException notAnId) {
            return Optional.empty();
        }
    }

    /** The same at another revision; null for the default one. */
    public HubId at(@Nullable String other) {
        return new HubId(org, name, other == null ? DEFAULT_REVISION : other, file);
    }

    /** Whether the revision is the one that an id without a revision means. */
    public boolean isAtDefaultRevision() {
        return revision.equals(DEFAULT_REVISION);
    }

    /** {@code ORG/NAME}, without revision and file. */
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
        return repository()
                + (isAtDefaultRevision() ? "" : "@" + revision)
                + (file == null ? "" : ":" + file);
    }
}
