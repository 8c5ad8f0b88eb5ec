package dev.cairn.cli;

import dev.cairn.CairnException;
import dev.cairn.cli.option.DecodingOptions;
import dev.cairn.cli.option.SystemParameter;
import dev.cairn.cli.terminal.AnswerPrinter;
import dev.cairn.cli.terminal.Interrupts;
import dev.cairn.cli.terminal.Terminal;
import dev.cairn.cli.terminal.TracePrinter;
import dev.cairn.stack.Conversation;
import dev.cairn.text.StageListener;
import dev.cairn.text.completion.DecodingRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cairn chat}: a conversation in the terminal, or line by line from a pipe. */
@Command(
        name = "chat",
        description = {
            "Hold a conversation with a model or a stack; each line is a message.",
            "/clear forgets what was said, /exit or ctrl-D leaves, /help shows this. Ctrl-C stops an answer; at the prompt, it leaves. From a pipe, every line is answered by a line or more on stdout."
        })
final class Chat implements Callable<Integer> {
    private static final String HELP =
            "/clear forgets what was said; /exit or ctrl-D leaves; ctrl-C stops an answer";

    @Mixin private SystemParameter system = new SystemParameter();
    @Mixin private DecodingOptions decoding = new DecodingOptions();

    @Option(
            names = "--trace",
            description = "Show every stage's prompt, output, tokens, confidence and time.")
    private boolean trace;

    private boolean hasFailed;

    @Override
    public Integer call() throws IOException {
        DecodingRequest request = decoding.request();
        Conversation conversation = system.open();
        boolean isWatched = Terminal.isInteractive();
        if (isWatched) {
            System.err.println(HELP);
        }
        try (Interrupts interrupts = Interrupts.listen()) {
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = next(lines, isWatched);
                    line != null && !line.equals("/exit");
                    line = next(lines, isWatched)) {
                if (line.matches("/[a-z]+")) {
                    command(line, conversation);
                } else if (!line.isEmpty()) {
                    answer(line, conversation, request, interrupts);
                }
            }
        }
        return hasFailed && !isWatched ? ExitCode.SOFTWARE : ExitCode.OK;
    }

    private static @Nullable String next(BufferedReader lines, boolean isWatched)
            throws IOException {
        if (isWatched) {
            System.err.print("> ");
            System.err.flush();
        }
        String line = lines.readLine();
        if (line == null && isWatched) {
            System.err.println(); // after ctrl-D, so that the shell's prompt has a line of its own
        }
        return line == null ? null : line.strip();
    }

    private static void command(String line, Conversation conversation) {
        switch (line) {
            case "/clear" -> {
                conversation.clear();
                System.err.println("forgotten; the next message begins a new conversation");
            }
            case "/help" -> System.err.println(HELP);
            default -> System.err.printf("%s: no such command; %s%n", line, HELP);
        }
    }

    private void answer(
            String line,
            Conversation conversation,
            DecodingRequest request,
            Interrupts interrupts) {
        AnswerPrinter printer = new AnswerPrinter(System.out, conversation.last());
        StageListener listener = trace ? new TracePrinter(System.out) : printer;
        interrupts.begin();
        try {
            Conversation.Reply reply = conversation.say(line, request, listener, interrupts);
            if (trace) {
                System.out.println(reply.answer().text());
            } else {
                printer.end(reply.answer());
            }
            if (reply.dropped() > 0) {
                System.err.printf(
                        "(the oldest %d messages no longer fit and are forgotten)%n",
                        reply.dropped());
            }
            AnswerPrinter.notes(reply.answer()).forEach(System.err::println);
        } catch (CancellationException e) {
            System.out.println();
            System.err.println("(stopped)");
        } catch (CairnException e) {
            hasFailed = true;
            System.err.println("cairn: " + Failure.explain(e));
        } finally {
            interrupts.end();
        }
    }
}
