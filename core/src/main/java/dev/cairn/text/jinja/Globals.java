package dev.cairn.text.jinja;

import dev.cairn.text.jinja.syntax.Fault;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Functions that every template can call. */
final class Globals {
    /** The limit of jinja2's sandbox. */
    private static final long MAX_RANGE = 100_000;

    private Globals() {}

    static Scope of(Clock clock) {
        Scope globals = new Scope(null);
        globals.set("range", (Function) Globals::range);
        globals.set("dict", (Function) Globals::dict);
        globals.set("namespace", (Function) Globals::namespace);
        globals.set(
                "raise_exception",
                (Function)
                        args -> {
                            Object message = args.only("message").get(0, "message");
                            throw new Raised(new Printer(new Budget()).print(message));
                        });
        globals.set(
                "strftime_now",
                (Function)
                        args ->
                                Strftime.format(
                                        LocalDateTime.now(clock),
                                        args.only("format").text(0, "format")));
        return globals;
    }

    private static Object namespace(Args args) {
        Namespace namespace = new Namespace();
        dict(args).forEach(namespace::set);
        return namespace;
    }

    private static Object range(Args args) {
        args.only("start", "stop", "step");
        boolean single = args.positional().size() == 1;
        long start = single ? 0 : Values.integer(args.get(0, "start"), "range");
        long stop = Values.integer(args.get(single ? 0 : 1, "stop"), "range");
        long step = Values.integer(args.get(2, "step", 1L), "range");
        if (step == 0) {
            throw new Fault("the step of a range is 0");
        }
        List<Object> numbers = new ArrayList<>();
        for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
            if (numbers.size() >= MAX_RANGE || Math.abs(i) > Long.MAX_VALUE - Math.abs(step)) {
                throw new Fault("a range holds more than " + MAX_RANGE + " numbers");
            }
            numbers.add(i);
        }
        return numbers;
    }

    private static Map<String, Object> dict(Args args) {
        if (!args.positional().isEmpty()) {
            throw Fault.unsupported(args.callee() + " of anything but names");
        }
        return new LinkedHashMap<>(args.named());
    }
}
