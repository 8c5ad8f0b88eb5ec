package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.Fault;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The variable {@code loop}. Like jinja2, it looks ahead only on request, because the loop's
 * condition may depend on what the body has changed.
 */
final class Loop {
    private Iterator<Object> rest;
    private @Nullable Object ahead;
    private @Nullable Object previous;
    private @Nullable Object current;
    private long length = -1;
    private long index0 = -1;

    Loop(Iterator<Object> rest) {
        this.rest = rest;
    }

    @Nullable Object next() {
        Object next = ahead != null ? ahead : rest.hasNext() ? rest.next() : null;
        ahead = null;
        previous = current;
        current = next;
        index0++;
        return next;
    }

    private @Nullable Object peek() {
        if (ahead == null && rest.hasNext()) {
            ahead = rest.next();
        }
        return ahead;
    }

    private long length() {
        if (length < 0) {
            List<Object> remaining = new ArrayList<>();
            rest.forEachRemaining(remaining::add);
            rest = remaining.iterator();
            length = index0 + 1 + remaining.size() + (ahead == null ? 0 : 1);
        }
        return length;
    }

    Object member(String name) {
        return switch (name) {
            case "index" -> index0 + 1;
            case "index0" -> index0;
            case "revindex" -> length() - index0;
            case "revindex0" -> length() - index0 - 1;
            case "first" -> index0 == 0;
            case "last" -> peek() == null;
            case "length" -> length();
            case "previtem" -> orUndefined(previous, "there is no previous item: loop.previtem");
            case "nextitem" -> orUndefined(peek(), "there is no next item: loop.nextitem");
            case "depth" -> 1L;
            case "depth0" -> 0L;
            case "cycle" -> (Function) this::cycle;
            case "changed" -> Function.unsupported("loop.changed()");
            default -> new Undefined("'loop." + name + "'");
        };
    }

    private static Object orUndefined(@Nullable Object value, String what) {
        return value == null ? new Undefined(what) : value;
    }

    private Object cycle(Args args) {
        if (args.positional().isEmpty() || !args.named().isEmpty()) {
            throw new Fault("loop.cycle needs at least one value");
        }
        return args.positional().get((int) (index0 % args.positional().size()));
    }
}
