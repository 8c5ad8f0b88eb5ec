package dev.cairn.cli;

import dev.cairn.CairnException;
import dev.cairn.cli.option.AdaptersOption;
import dev.cairn.cli.option.QuantOption;
import dev.cairn.cli.option.StackParameter;
import dev.cairn.cli.terminal.TracePrinter;
import dev.cairn.stack.Stack;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.text.Answer;
import dev.cairn.text.StageListener;
import dev.cairn.text.TokenProbability;
import dev.cairn.text.TraceJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn run}: answers one input. */
@Command(
        name = "run",
        description = "Answer one input and, with --trace, show what every stage wrote.")
final class Run implements Callable<Integer> {
    @Mixin private StackParameter stack = new StackParameter();

    @Parameters(
            index = "1",
            paramLabel = "INPUT",
            description = "The text to answer; - reads it from stdin.")
    private String input = "";

    @Option(
            names = "--trace",
            description = "Show every stage's prompt, output, tokens, confidence and time.")
    private boolean trace;

    @Option(names = "--json", description = "Print answer and trace as one JSON object.")
    private boolean json;

    @Option(
            names = "--set",
            paramLabel = "STAGE=TEXT",
            description = "Give a stage's text by hand and run only what follows. Repeatable.")
    private Map<String, String> edits = new LinkedHashMap<>();

    @Mixin private AdaptersOption adapters = new AdaptersOption();
    @Mixin private QuantOption quant = new QuantOption();

    @Override
    public Integer call() {
        Stack opened = open();
        String text = input.equals("-") ? stdin() : input;
        if (text.isBlank()) {
            throw new CairnException("the input is empty; give a text, or - to read it from stdin");
        }
        if (json) {
            System.out.println(TraceJson.of(opened.answer(text, edits, StageListener.NONE)));
        } else if (trace) {
            Answer answer = opened.answer(text, edits, new TracePrinter(System.out));
            System.out.println(answer.text());
        } else {
            stream(opened, text);
        }
        return 0;
    }

    private Stack open() {
        StackConfig config = stack.load();
        return Stack.open(config, adapters.of(config), quant.format());
    }

    private void stream(Stack opened, String text) {
        String last = opened.config().stages().getLast().name();
        String edit = edits.get(last);
        Answer answer =
                opened.answer(
                        text,
                        edits,
                        new StageListener() {
                            @Override
                            public void wrote(
                                    String stage, String text, List<TokenProbability> tokens) {
                                if (stage.equals(last)) {
                                    System.out.print(text);
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
