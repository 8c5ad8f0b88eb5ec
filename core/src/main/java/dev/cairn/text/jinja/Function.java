package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.Fault;

/** What can be called. */
interface Function {
    Object call(Args args);

    /** A method that Python has and this language has not: there, but not to be called. */
    static Function unsupported(String name) {
        return args -> {
            throw Fault.unsupported(name);
        };
    }
}
