package dev.cairn.text.template;

import dev.cairn.CairnException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Variables that a caller hands to a chat template beside the conversation, such as {@code
 * enable_thinking}: what {@code apply_chat_template} of transformers takes as further arguments and
 * servers call {@code chat_template_kwargs}. A template ignores those it does not know.
 *
 * @param values JSON values by name: text, whole numbers, numbers, true and false, null, lists and
 *     maps of them; never modified
 */
public record TemplateVariables(Map<String, @Nullable Object> values) {
    /** No variables: the template sees what it sees by default. */
    public static final TemplateVariables NONE = new TemplateVariables(Map.of());

    /** What {@link ChatTemplate} sets itself. */
    private static final Set<String> TAKEN =
            Set.of("messages", "tools", "documents", "add_generation_prompt");

    /**
     * @throws CairnException if a name is one that the conversation sets, or a value is none of
     *     JSON's; the message begins with the name
     */
    public TemplateVariables {
        Map<String, @Nullable Object> checked = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (TAKEN.contains(name)) {
                throw new CairnException(
                        name + ": set by the conversation itself; remove it from the variables");
            }
            checked.put(name, json(name, value));
        });
        values = Collections.unmodifiableMap(checked);
    }

    /** These variables, and the others, which take precedence. */
    public TemplateVariables and(TemplateVariables others) {
        Map<String, @Nullable Object> both = new LinkedHashMap<>(values);
        both.putAll(others.values);
        return new TemplateVariables(both);
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    private static @Nullable Object json(String name, @Nullable Object value) {
        return switch (value) {
            case null -> null;
            case String text -> text;
            case Boolean flag -> flag;
            case Integer whole -> Long.valueOf(whole);
            case Long whole -> whole;
            case Double number -> number;
            case List<?> list -> {
                List<@Nullable Object> items = new ArrayList<>();
                list.forEach(item -> items.add(json(name, item)));
                yield Collections.unmodifiableList(items);
            }
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> entries = new LinkedHashMap<>();
                map.forEach((key, item) -> entries.put(String.valueOf(key), json(name, item)));
                yield Collections.unmodifiableMap(entries);
            }
            default ->
                    throw new CairnException(
                            "%s: expected text, a number within the range of long or double, true, false, null, a list or an object, found %s"
                                    .formatted(name, value));
        };
    }
}
