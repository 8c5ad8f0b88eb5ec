package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.Fault;

/**
 * A name or member that is not there: prints as nothing, is false and empty; anything else is an
 * error.
 *
 * @param what for the message, such as {@code 'functions'}
 */
record Undefined(String what) {
    Fault fault() {
        return new Fault(what + " is undefined");
    }
}
