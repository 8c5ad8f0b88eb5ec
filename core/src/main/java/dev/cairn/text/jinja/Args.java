package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.Fault;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The arguments of a call; {@link #only} rejects unknown ones. */
record Args(String callee, List<Object> positional, Map<String, Object> named) {

    /** Declares the parameters, in order. */
    Args only(String... parameters) {
        if (positional.size() > parameters.length) {
            throw new Fault(
                    "%s takes at most %d arguments, found %d"
                            .formatted(callee, parameters.length, positional.size()));
        }
        Set<String> known = new HashSet<>(List.of(parameters));
        for (int i = 0; i < positional.size(); i++) {
            known.remove(parameters[i]);
        }
        for (String name : named.keySet()) {
            if (!known.contains(name)) {
                throw new Fault(callee + " takes no argument '" + name + "'");
            }
        }
        return this;
    }

    /** The result of a call that takes no arguments. */
    <T> T plain(T result) {
        only();
        return result;
    }

    @Nullable Object find(int index, String name) {
        return index < positional.size() ? positional.get(index) : named.get(name);
    }

    Object get(int index, String name) {
        Object value = find(index, name);
        if (value == null) {
            throw new Fault(callee + " needs its argument '" + name + "'");
        }
        return value;
    }

    Object get(int index, String name, Object otherwise) {
        Object value = find(index, name);
        return value == null ? otherwise : value;
    }

    String text(int index, String name) {
        return Values.text(get(index, name), callee);
    }

    String text(int index, String name, String otherwise) {
        return Values.text(get(index, name, otherwise), callee);
    }

    /** A whole number within the range of int. */
    int count(int index, String name, int otherwise) {
        Object value = find(index, name);
        if (value == null) {
            return otherwise;
        }
        long number = Values.integer(value, callee);
        return (int) Math.clamp(number, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    boolean flag(int index, String name) {
        Object value = find(index, name);
        return value != null && Values.isTrue(value);
    }

    /** The arguments from position {@code first} on. */
    Args from(int first) {
        return new Args(
                callee,
                new ArrayList<>(
                        positional.subList(Math.min(first, positional.size()), positional.size())),
                named);
    }
}
