package dev.cairn.cli;

import dev.cairn.CairnException;
import dev.cairn.Cancellation;
import dev.cairn.cli.option.DecodingOptions;
import dev.cairn.cli.option.StartGarbage;
import dev.cairn.cli.option.SystemParameter;
import dev.cairn.cli.terminal.AnswerPrinter;
import dev.cairn.cli.terminal.TracePrinter;
import dev.cairn.stack.Conversation;
import dev.cairn.stack.Stack;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.text.Answer;
import dev.cairn.text.StageListener;
import dev.cairn.text.TraceJson;
import dev.cairn.text.completion.DecodingRequest;
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

/** {@code cairn run}: answers one input with a stack or a model. */
@Command(
        name = "run",
        description =
                "Answer one input with a stack or a model and, with --trace, show what every stage wrote.")
final class Run implements Callable<Integer> {
    @Mixin private SystemParameter system = new SystemParameter();

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

    @Mixin private DecodingOptions decoding = new DecodingOptions();

    /** What is asked, a stack or a model. */
    private interface Asked {
        Answer answer(String text, StageListener listener);

        /** Name of the stage that writes the answer. */
        String last();

        /** What a reader of the answer should know. */
        List<String> notes(Answer answer);
    }

    @Override
    public Integer call() {
        DecodingRequest request = decoding.request();
        Asked opened = system.isStack() ? stack(request) : model(request);
        String text = input.equals("-") ? stdin() : input;
        if (text.isBlank()) {
            throw new CairnException("the input is empty; give a text, or - to read it from stdin");
        }
        if (json) {
            System.out.println(TraceJson.of(opened.answer(text, StageListener.NONE)));
        } else if (trace) {
            Answer answer = opened.answer(text, new TracePrinter(System.out));
            System.out.println(answer.text());
        } else {
            AnswerPrinter printer = new AnswerPrinter(System.out, opened.last());
            Answer answer = opened.answer(text, printer);
            printer.end(answer);
            opened.notes(answer).forEach(System.err::println);
        }
        return 0;
    }

    private Asked stack(DecodingRequest request) {
        StackConfig config = system.stack();
        Stack stack = Stack.open(config, system.adapters(config), system.format()).asked(request);
        StartGarbage.collect();
        return new Asked() {
            @Override
            public Answer answer(String text, StageListener listener) {
                return stack.answer(text, edits, listener);
            }

            @Override
            public String last() {
                return config.stages().getLast().name();
            }

            /** None: its limits are the stack's own, which --trace shows. */
            @Override
            public List<String> notes(Answer answer) {
                return List.of();
            }
        };
    }

    private Asked model(DecodingRequest request) {
        if (!edits.isEmpty()) {
            throw new CairnException("--set goes with a stack's YAML; a model has no stages");
        }
        Conversation conversation = system.open();
        return new Asked() {
            @Override
            public Answer answer(String text, StageListener listener) {
                return conversation.say(text, request, listener, Cancellation.NONE).answer();
            }

            @Override
            public String last() {
                return conversation.last();
            }

            @Override
            public List<String> notes(Answer answer) {
                return AnswerPrinter.notes(answer);
            }
        };
    }

    private static String stdin() {
        try {
            return new String(System.in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
