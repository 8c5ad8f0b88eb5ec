package dev.cairn;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An error meant for a person: its message is one line that says where (file, field), what was
 * expected, what was found and what to do. The command line prints the message alone and exits with
 * status 1; the stack trace appears only with {@code --verbose}.
 */
public final class CairnException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Where it happened, the outermost place first. */
    private final ArrayList<String> places;

    private final String problem;

    /** Names of methods of the API. */
    private final ArrayList<String> settings;

    public CairnException(String problem) {
        this(problem, null);
    }

    public CairnException(String problem, @Nullable Throwable cause) {
        this(List.of(), problem, List.of(), cause);
    }

    private CairnException(
            Collection<String> places,
            String problem,
            Collection<String> settings,
            @Nullable Throwable cause) {
        super(
                Stream.concat(places.stream(), Stream.of(oneLine(problem)))
                        .reduce((place, rest) -> place + ": " + rest)
                        .orElseThrow(),
                cause);
        this.places = new ArrayList<>(places);
        this.problem = problem;
        this.settings = new ArrayList<>(settings);
    }

    /**
     * The same error with the settings that get around it. They are no part of the message: a
     * program sets them by a method, the command line by an option, which it adds.
     *
     * @param names of settings, as the API has them
     */
    public CairnException suggesting(String... names) {
        return new CairnException(places, problem, List.of(names), getCause());
    }

    /** The settings that get around this error; often none is known. */
    public List<String> suggestedSettings() {
        return List.copyOf(settings);
    }

    /**
     * The same error with its place in front of the message, as in {@code file: stage: problem}. A
     * place that the error has already is not told twice.
     *
     * @param where a file, a key, a stage, the outermost first
     */
    public CairnException at(Object... where) {
        List<String> all =
                new ArrayList<>(
                        Stream.of(where)
                                .map(String::valueOf)
                                .map(CairnException::oneLine)
                                .toList());
        places.stream().filter(place -> !all.contains(place)).forEach(all::add);
        return new CairnException(all, problem, settings, this);
    }

    /** What a file says may be part of the message, with line breaks and worse for a terminal. */
    private static String oneLine(String message) {
        return message.replaceAll("\\p{Cntrl}", "?");
    }
}
