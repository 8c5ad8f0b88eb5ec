package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.Fault;

/**
 * A name or member that does not exist: it prints as nothing and is false and empty; any other use
 * is an error.
 *
 * @param what the name for messages, such as {@code 'functions'}
 */
record Undefined(String what) {
    Fault fault() {
        return new Fault(what + " is undefined");
    }
}
