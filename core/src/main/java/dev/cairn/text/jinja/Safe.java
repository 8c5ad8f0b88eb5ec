package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.Fault;

/**
 * What the filter {@code safe} makes: jinja2 escapes what is joined to it with +, so it may only be
 * printed here.
 */
record Safe(String text) {
    static Fault used() {
        return Fault.unsupported("the filter 'safe' on text that is not printed at once");
    }
}
