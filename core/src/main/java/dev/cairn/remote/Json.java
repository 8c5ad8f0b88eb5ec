package dev.cairn.remote;

import com.openai.core.JsonField;
import com.openai.core.JsonValue;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * JSON whose shape is up to the server. To Java the library's {@code JsonValue} is a raw type; as a
 * {@code JsonField<?>} its methods have their types again.
 */
final class Json {
    private Json() {}

    static Optional<String> text(@Nullable JsonField<?> value) {
        return value == null ? Optional.empty() : value.asString();
    }

    /** The fields of an object; none when it is something else. */
    static Map<String, JsonValue> fields(@Nullable JsonField<?> value) {
        return value == null ? Map.of() : value.asObject().orElse(Map.of());
    }

    /** The elements of an array; none when it is something else. */
    static List<JsonValue> elements(JsonField<?> value) {
        return value.asArray().orElse(List.of());
    }
}
