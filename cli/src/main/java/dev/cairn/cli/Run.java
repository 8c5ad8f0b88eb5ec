package dev.cairn.cli;

import dev.cairn.CairnException;
import dev.cairn.stack.Stack;
import dev.cairn.stack.StackConfig;
import dev.cairn.stack.StageConfig;
import dev.cairn.text.Answer;
import dev.cairn.text.TraceJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn run}: one input, one answer. */
@Command(name = "run", description = "Answers one input and can show what every stage said.")
final class Run implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "STACK.yaml", description = "The stack.")
    private Path file = Path.of("");

    @Parameters(
            index = "1",
            paramLabel = "INPUT",
            description = "What to answer; - reads it from stdin.")
    private String input = "";

    @Option(
            names = "--trace",
            description = "Show every stage's prompt, output, tokens, certainty and time.")
    private boolean trace;

    @Option(names = "--json", description = "Print answer and trace as one JSON object.")
    private boolean json;

    @Option(
            names = "--set",
            paramLabel = "STAGE=TEXT",
            description = "Give a stage's output by hand and run only what follows; repeatable.")
    private Map<String, String> edits = new LinkedHashMap<>();

    @Mixin private AdaptersOption adapters = new AdaptersOption();
    @Mixin private QuantOption quant = new QuantOption();

    @Override
    public Integer call() {
        Stack stack = open();
        String text = input.equals("-") ? stdin() : input;
        if (text.isBlank()) {
            throw new CairnException("the input is empty; give a text, or - to read it from stdin");
        }
        if (json) {
            System.out.println(TraceJson.of(stack.answer(text, edits, new Stack.Observer() {})));
        } else if (trace) {
            Answer answer = stack.answer(text, edits, new TracePrinter(System.out));
            System.out.println(answer.text());
        } else {
            stream(stack, text);
        }
        return 0;
    }

    private Stack open() {
        StackConfig config = NamedModels.stack(file);
        return Stack.open(config, adapters.of(config), quant.format());
    }

    private void stream(Stack stack, String text) {
        String last = stack.config().stages().getLast().name();
        String edit = edits.get(last);
        Answer answer =
                stack.answer(
                        text,
                        edits,
                        new Stack.Observer() {
                            @Override
                            public void wrote(StageConfig stage, String piece) {
                                if (stage.name().equals(last)) {
                                    System.out.print(piece);
                                    System.out.flush();
                                }
                            }
                        });
        System.out.println(edit == null ? "" : answer.text());
    }

    private static String stdin() {
        try {
            return new String(System.in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
