package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.Fault;

/** A value that a template can call. */
interface Function {
    Object call(Args args);

    /** A method that Python has but that is not supported here: it exists, but calling it fails. */
    static Function unsupported(String name) {
        return args -> {
            throw Fault.unsupported(name);
        };
    }
}
