package dev.cairn.cli;

import static dev.cairn.cli.Cli.cairn;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code cairn lock}, {@code cairn verify} and {@code --locked}. */
@Tag("long")
class LockTest {
    @TempDir private static Path shared;
    private static Path stack;
    private static Path lock;
    private static Path adapter;
    private static Path data;

    @BeforeAll
    static void train() throws IOException {
        Path base = TinyBase.in(shared);
        stack = TinyBase.stack(shared, base);
        lock = shared.resolve("stack.lock");
        adapter = shared.resolve("adapters/focus/adapter_config.json");
        data = shared.resolve("questions.jsonl");
        assertThat(cairn("train", stack).status()).isZero();
        Files.writeString(data, "{\"prompt\": \"Emma went.\", \"completion\": \"x\"}\n");
    }

    @Test
    void aChangedStackIsReportedAndRefusedUntilItIsAsItWas() throws IOException {
        Files.deleteIfExists(lock);
        assertRefused("no such lock file; write it with: cairn lock " + stack);

        Cli.Result locked = cairn("lock", stack);
        assertThat(locked.status()).isZero();
        assertThat(locked.out()).isEmpty();
        assertThat(locked.err()).endsWith(" values in " + lock + "\n");
        Cli.Result holds = cairn("verify", stack);
        assertThat(holds.status()).isZero();
        assertThat(holds.out()).isEmpty();
        assertThat(cairn("run", stack, "Where?", "--locked"))
                .isEqualTo(cairn("run", stack, "Where?"));
        assertThat(cairn("eval", stack, "--data", data, "--locked").status()).isZero();

        byte[] before = Files.readAllBytes(adapter);
        Files.writeString(adapter, Files.readString(adapter) + " ");
        try {
            Cli.Result changed = cairn("verify", stack);
            assertThat(changed.status()).isEqualTo(1);
            assertThat(changed.out())
                    .hasLineCount(1)
                    .matches(
                            "adapters: focus/adapter_config.json: expected sha256:[0-9a-f]{64}, found sha256:[0-9a-f]{64}\n");
            assertThat(changed.err())
                    .isEqualTo(
                            "1 differ from %s; cairn lock %s accepts what is there now\n"
                                    .formatted(lock, stack));
            assertRefused("adapters: focus/adapter_config.json: expected sha256:");
        } finally {
            Files.write(adapter, before);
        }
        assertThat(cairn("verify", stack).status()).isZero();
    }

    /** By every verb that opens a trained stack, before it opens it. */
    private static void assertRefused(String why) {
        for (Cli.Result result :
                new Cli.Result[] {
                    cairn("run", stack, "Where?", "--locked"),
                    Cli.cairnReading("Where?\n", "chat", stack, "--locked"),
                    cairn("serve", stack, "--locked", "--port", "0", "--no-traces"),
                    cairn("eval", stack, "--data", data, "--locked"),
                }) {
            assertThat(result.status()).isEqualTo(1);
            assertThat(result.out()).isEmpty();
            assertThat(result.err()).hasLineCount(1).startsWith("cairn: " + lock).contains(why);
        }
    }

    @Test
    void aModelHasNoLock() {
        Path base = shared.resolve("base");
        assertThat(cairn("serve", base, "--locked", "--port", "0").err())
                .contains("--locked goes with a stack's YAML");
        assertThat(cairn("eval", base, "--tasks", "arc_easy", "--locked").err())
                .contains("--locked goes with a stack's YAML");
        Cli.Result lockOfModel = cairn("lock", base);
        assertThat(lockOfModel.status()).isEqualTo(1);
        assertThat(lockOfModel.err()).hasLineCount(1);
    }

    @Test
    void aLockThatCannotBeWrittenIsOneLine() throws IOException {
        Path folder = Files.createDirectories(shared.resolve("other"));
        Path copy = folder.resolve("stack.yaml");
        Files.writeString(
                copy,
                Files.readString(stack).replace("output_dir: adapters", "output_dir: ../adapters"));
        Files.createDirectories(folder.resolve("stack.lock"));
        Cli.Result result = cairn("lock", copy);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .isEqualTo(
                        "cairn: %s: cannot write: it is a directory\n"
                                .formatted(folder.resolve("stack.lock")));
    }
}
