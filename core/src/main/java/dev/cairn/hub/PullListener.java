package dev.cairn.hub;

/** A listener for the progress of a download. One file is downloaded at a time. */
public interface PullListener {
    /** A listener that ignores everything. */
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

    /** A download starts, or resumes, at {@code done} of {@code size} bytes. */
    void begins(String file, long done, long size);

    /**
     * {@code done} bytes of the file are there; fewer than before when the download has to restart.
     */
    void advances(long done);

    /** The file is complete, or the download failed. */
    void ends();

    /** A one-line message for a person, such as a wait and its reason. */
    void notes(String message);
}
