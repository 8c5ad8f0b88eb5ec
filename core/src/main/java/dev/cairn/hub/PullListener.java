package dev.cairn.hub;

/** Is told how a download goes. One file is downloaded at a time. */
public interface PullListener {
    /** Hears nothing. */
    PullListener NONE =
            new PullListener() {
                @Override
                public void begins(String file, long done, long size) {}

                @Override
                public void advances(long done) {}

                @Override
                public void ends() {}

                @Override
                public void notes(String message) {}
            };

    /** A download begins, or goes on, at {@code done} of {@code size} bytes. */
    void begins(String file, long done, long size);

    /** So many bytes of the file are there; fewer than before when it has to start again. */
    void advances(long done);

    /** The file is whole, or the download failed. */
    void ends();

    /** Something a person should know, in one line: a wait, and why. */
    void notes(String message);
}
