package dev.cairn.cli.terminal;

import dev.cairn.Cancellation;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * What ctrl-C does: while an answer is written it ends that answer, otherwise the process.
 *
 * <p>Java has no public interface for signals; {@code sun.misc.Signal} is in the supported module
 * jdk.unsupported.
 */
public final class Interrupts implements Cancellation, AutoCloseable {
    /** The exit status that shells use for ctrl-C: 128 + SIGINT. */
    private static final int EXIT_CODE = 130;

    private enum State {
        IDLE,
        ANSWERING,
        CANCELLED
    }

    private static final Signal INTERRUPT = new Signal("INT");

    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
    private final SignalHandler before;

    private Interrupts() {
        before = Signal.handle(INTERRUPT, signal -> interrupt());
    }

    /** From now on until it is closed, ctrl-C comes here. */
    public static Interrupts listen() {
        return new Interrupts();
    }

    private void interrupt() {
        if (!state.compareAndSet(State.ANSWERING, State.CANCELLED) && state.get() == State.IDLE) {
            if (Terminal.isInteractive()) {
                System.err.println(); // so that the shell's prompt has a line of its own
            }
            System.exit(EXIT_CODE);
        }
    }

    /** An answer begins, which ctrl-C cancels. */
    public void begin() {
        state.set(State.ANSWERING);
    }

    /** The answer is over. */
    public void end() {
        state.set(State.IDLE);
    }

    @Override
    public void check() {
        if (state.get() == State.CANCELLED) {
            throw new CancellationException("ctrl-C");
        }
    }

    @Override
    public void close() {
        Signal.handle(INTERRUPT, before);
    }
}
