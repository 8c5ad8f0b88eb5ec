package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.Fault;

/**
 * The result of the filter {@code safe}. It may only be printed, because jinja2 would escape what
 * is joined to it with +.
 */
record Safe(String text) {
    static Fault used() {
        return Fault.unsupported("the filter 'safe' on text that is not printed at once");
    }
}
