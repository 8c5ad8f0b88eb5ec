package dev.cairn.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** Whether there is a run to go on with; what is in it is the trainer's business. */
final class Checkpoints {
    private Checkpoints() {}

    static boolean exist(Path directory) {
        return Files.exists(directory.resolve("checkpoint.safetensors"));
    }
}
