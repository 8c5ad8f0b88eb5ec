package dev.cairn.remote;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Finds the field of a request that a server says it does not take. OpenAI names it in {@code
 * error.param}; others only in the message, or in the {@code loc} of a validation error.
 */
final class RefusedField {
    /** The statuses with which servers refuse a field. */
    private static final Set<Integer> STATUSES = Set.of(400, 422);

    /** The temperature and the top-p that change nothing. */
    private static final Double NEUTRAL = 1.0;

    private static final Pattern TOO_LARGE =
            Pattern.compile(
                    "too (?:large|big|high|many)|exceed|at most|less than|maximum|context length|<=",
                    Pattern.CASE_INSENSITIVE);

    private RefusedField() {}

    /**
     * The refused field. If several are, one that asks for nothing comes first.
     *
     * @param sent the fields that were sent, by name
     * @return empty if the response does not name one of them
     */
    static Optional<String> of(Endpoint.Received answer, Map<String, Object> sent) {
        if (!STATUSES.contains(answer.status())) {
            return Optional.empty();
        }
        JsonNode body = JsonBody.read(answer.body());
        JsonNode error = body.path("error").isObject() ? body.path("error") : body;
        return first(error.path("param").stringValue(""), sent)
                .or(() -> first(String.join(" ", places(body)), sent))
                .or(() -> first(JsonBody.errorMessage(body), sent));
    }

    /** Whether it is the size of a number that is refused, not the field. */
    static boolean isTooLarge(Endpoint.Received answer) {
        return TOO_LARGE.matcher(JsonBody.errorMessage(JsonBody.read(answer.body()))).find();
    }

    /** The field that a text names first, as a whole word. */
    private static Optional<String> first(String text, Map<String, Object> sent) {
        return sent.keySet().stream()
                .filter(field -> indexOf(field, text) >= 0)
                .min(
                        Comparator.comparing((String field) -> !NEUTRAL.equals(sent.get(field)))
                                .thenComparingInt(field -> indexOf(field, text)));
    }

    private static int indexOf(String field, String text) {
        Matcher matcher =
                Pattern.compile("(?<![\\w-])" + Pattern.quote(field) + "(?![\\w-])").matcher(text);
        return matcher.find() ? matcher.start() : -1;
    }

    /** Where the errors of a validation are, as FastAPI reports them. */
    private static List<String> places(JsonNode body) {
        List<String> places = new ArrayList<>();
        Stream.of(body.path("detail"), body.path("message").path("detail"), body.path("errors"))
                .flatMap(JsonNode::valueStream)
                .flatMap(problem -> problem.path("loc").valueStream())
                .map(part -> part.asString(""))
                .forEach(places::add);
        return places;
    }
}
