package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.Fault;
import java.util.LinkedHashMap;
import java.util.Map;

/** The result of {@code namespace(...)}, the only value that a template can modify. */
final class Namespace {
    private final Map<String, Object> members = new LinkedHashMap<>();

    void set(String name, Object value) {
        if (name.startsWith("_")) {
            throw new Fault("a namespace takes no attribute that begins with '_': " + name);
        }
        members.put(name, value);
    }

    Object get(String name) {
        Object value = members.get(name);
        return value == null ? new Undefined("attribute '" + name + "' of a namespace") : value;
    }
}
