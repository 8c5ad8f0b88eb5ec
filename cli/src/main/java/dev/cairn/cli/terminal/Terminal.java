package dev.cairn.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/** The process's own streams. */
public final class Terminal {
    private static final int STDIN = 0;
    private static final int STDERR = 2;

    private Terminal() {}

    /**
     * Takes over the streams from the launcher: restores the user's stderr, and ends the program
     * when the reader of stdout closes it.
     */
    public static void open() {
        Integer descriptor = Integer.getInteger("cairn.stderr.descriptor");
        if (descriptor != null && Posix.call("dup2", descriptor, STDERR) == STDERR) {
            Posix.call("close", descriptor);
        }
        OutputStream stdout = new Stdout(new FileOutputStream(FileDescriptor.out));
        System.setOut(new PrintStream(stdout, true, System.out.charset()));
    }

    /** Whether stderr is a terminal; only then are progress bars shown. */
    static boolean isStderrWatched() {
        return Posix.call("isatty", STDERR) == 1;
    }

    /** Whether a person types at stdin and sees stderr. */
    public static boolean isInteractive() {
        return Posix.call("isatty", STDIN) == 1 && isStderrWatched();
    }

    /**
     * Thrown when stdout has no reader any more ({@code cairn ... | head -1}). Unchecked, because a
     * {@link PrintStream} would swallow an {@link IOException} and the program would continue for
     * nobody.
     */
    public static final class BrokenPipe extends RuntimeException {
        /** The exit status that shells use for a closed pipe: 128 + SIGPIPE. */
        public static final int EXIT_CODE = 141;

        private static final long serialVersionUID = 1L;

        public BrokenPipe(IOException cause) {
            super("nobody reads the output any more", cause);
        }
    }

    private static final class Stdout extends FilterOutputStream {
        Stdout(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                if (String.valueOf(e.getMessage()).contains("Broken pipe")) {
                    throw new BrokenPipe(e);
                }
                throw e;
            }
        }
    }
}
