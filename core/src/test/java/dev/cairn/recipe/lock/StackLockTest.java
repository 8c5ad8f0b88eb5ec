package dev.cairn.recipe.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.recipe.ProgramVersion;
import dev.cairn.stack.Stacks;
import dev.cairn.stack.TinyBases;
import dev.cairn.stack.config.ModelFinder;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.support.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StackLockTest {
    private static final String YAML =
            """
            name: tiny
            base_model: base
            output_dir: out
            data: {path: data}
            teacher:
              base_url: http://me:secret@localhost:99/v1?key=secret
              model: big
            stages:
              - {name: a, prompt: "{{input}}#", teach: "{{input}}"}
              - {name: b, prompt: "{{a}}@", adapter: none}
            """;

    @TempDir Path temp;
    private Path folder;
    private StackConfig stack;

    @BeforeEach
    void make() {
        folder = temp.resolve("here");
        Path base = TinyBases.random(folder.resolve("base"), 1);
        AtomicFiles.writeString(base.resolve("chat_template.jinja"), "{{ 1 }}");
        AtomicFiles.writeString(base.resolve("README.md"), "no part of the model");
        TinyBases.adapter(folder.resolve("out/a"), base, 2);
        AtomicFiles.writeString(
                folder.resolve("data/train.jsonl"), "{\"prompt\": \"p\", \"completion\": \"c\"}\n");
        AtomicFiles.writeString(folder.resolve("data/test.jsonl"), "never trained on");
        AtomicFiles.writeString(folder.resolve("out/teacher.jsonl"), "{}\n");
        stack = Stacks.load(folder, YAML);
    }

    private static StackLock lock(StackConfig stack) {
        return StackLock.of(stack, stack.outputDir());
    }

    private List<String> differences() {
        return StackLock.read(stack).verify(stack, stack.outputDir()).stream()
                .map(StackLock.Difference::toString)
                .toList();
    }

    private static String sha256(Path file) throws Exception {
        return "sha256:"
                + HexFormat.of()
                        .formatHex(
                                MessageDigest.getInstance("SHA-256")
                                        .digest(Files.readAllBytes(file)));
    }

    @Test
    void theFileHoldsTheDigestsOfAllThatTheAnswersDependOn() throws Exception {
        Path file = lock(stack).write(stack);

        assertThat(file).isEqualTo(folder.resolve("stack.lock"));
        StackLock read = StackLock.read(stack);
        assertThat(read).isEqualTo(lock(stack));
        assertThat(read.sections())
                .containsOnlyKeys("adapters", "base", "data", "made_with", "stack", "teacher");
        assertThat(read.sections().get("base"))
                .containsOnlyKeys(
                        "chat_template.jinja",
                        "config.json",
                        "model.safetensors",
                        "tokenizer.json",
                        "tokenizer_config.json")
                .containsEntry(
                        "model.safetensors", sha256(folder.resolve("base/model.safetensors")));
        assertThat(read.sections().get("adapters"))
                .containsOnlyKeys("a/adapter_config.json", "a/adapter_model.safetensors");
        assertThat(read.sections().get("data"))
                .containsOnlyKeys("train.jsonl")
                .containsEntry("train.jsonl", sha256(folder.resolve("data/train.jsonl")));
        assertThat(read.sections().get("teacher"))
                .containsEntry("model", "big")
                .containsEntry("base_url", "http://localhost:99/v1")
                .containsEntry("teacher.jsonl", sha256(folder.resolve("out/teacher.jsonl")));
        assertThat(read.sections().get("made_with")).containsEntry("java", ProgramVersion.java());
        assertThat(Files.readString(file)).doesNotContain("secret", temp.toString());
    }

    @Test
    void aStackThatWasMovedIsAsLockedAndItsLockHasTheSameBytes() throws IOException {
        Path file = lock(stack).write(stack);
        byte[] bytes = Files.readAllBytes(file);
        Path there = temp.resolve("there");
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.toList()) {
                Files.copy(path, there.resolve(folder.relativize(path)));
            }
        }
        stack = StackConfig.load(there.resolve("stack.yaml"), (name, path) -> found(path));

        assertThat(differences()).isEmpty();
        assertThat(lock(stack).write(stack)).hasBinaryContent(bytes);
    }

    private static ModelFinder.Found found(Path path) {
        return new ModelFinder.Found(path, null);
    }

    @ParameterizedTest
    @CsvSource({
        "stack.yaml, stack: yaml",
        "base/config.json, base: config.json",
        "base/model.safetensors, base: model.safetensors",
        "base/tokenizer.json, base: tokenizer.json",
        "base/chat_template.jinja, base: chat_template.jinja",
        "out/a/adapter_model.safetensors, adapters: a/adapter_model.safetensors",
        "out/a/adapter_config.json, adapters: a/adapter_config.json",
        "data/train.jsonl, data: train.jsonl",
        "out/teacher.jsonl, teacher: teacher.jsonl",
    })
    void oneChangedByteIsOneLineWithWhatWasExpectedAndFound(String changed, String where)
            throws Exception {
        lock(stack).write(stack);
        Path file = folder.resolve(changed);
        String before = sha256(file);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);

        assertThat(differences())
                .containsExactly(
                        "%s: expected %s, found %s".formatted(where, before, sha256(file)));
        assertThatThrownBy(() -> StackLock.require(stack, stack.outputDir()))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(folder.resolve("stack.lock") + ": " + where);
    }

    @Test
    void whatIsGoneAndWhatIsNewIsNamed() throws Exception {
        lock(stack).write(stack);
        Files.delete(folder.resolve("base/chat_template.jinja"));
        Files.delete(folder.resolve("out/a/adapter_model.safetensors"));
        Path added = folder.resolve("base/generation_config.json");
        AtomicFiles.writeString(added, "{}");

        assertThat(differences())
                .satisfiesExactly(
                        line ->
                                assertThat(line)
                                        .startsWith("adapters: a/")
                                        .endsWith("found nothing"),
                        line ->
                                assertThat(line)
                                        .startsWith("base: chat_template.jinja: expected sha256:")
                                        .endsWith(", found nothing"),
                        line ->
                                assertThat(line)
                                        .isEqualTo(
                                                "base: generation_config.json: expected nothing, found "
                                                        + sha256(added)));
    }

    @Test
    void anotherVersionIsADifferenceAndAnUnknownCommitIsNot() throws IOException {
        Path file = lock(stack).write(stack);
        String java = "\"java\" : \"" + ProgramVersion.java() + "\"";
        String text = Files.readString(file);
        assertThat(text).contains(java);
        Files.writeString(file, text.replace(java, "\"java\" : \"8\""));
        assertThat(differences())
                .containsExactly("made_with: java: expected 8, found " + ProgramVersion.java());

        String commit = "\"commit\" : \"" + "a".repeat(40) + "\"";
        // Programs of tests are built from any sources, so they know no commit.
        Files.writeString(file, text.replace(java, java + ", " + commit));
        assertThat(differences().size())
                .isEqualTo(ProgramVersion.here().commit().isPresent() ? 1 : 0);
    }

    @Test
    void aGgufBaseIsLockedWithAllItsParts() throws IOException {
        for (String name : List.of("m-00001-of-00002.gguf", "m-00002-of-00002.gguf", "n.gguf")) {
            Files.writeString(folder.resolve(name), name);
        }
        stack = Stacks.load(folder, YAML.replace("model: base", "model: m-00001-of-00002.gguf"));
        assertThat(lock(stack).sections().get("base"))
                .containsOnlyKeys("m-00001-of-00002.gguf", "m-00002-of-00002.gguf");

        stack = Stacks.load(folder, YAML.replace("model: base", "model: n.gguf"));
        assertThat(lock(stack).sections().get("base")).containsOnlyKeys("n.gguf");
    }

    @Test
    void aBaseFromTheHubIsLockedWithItsIdAndCommit() throws IOException {
        String commit = "0123456789".repeat(4);
        Path snapshot = folder.resolve("models--org--m/snapshots/" + commit);
        Files.createDirectories(snapshot.getParent());
        Files.move(folder.resolve("base"), snapshot);
        StackConfig config =
                StackConfig.load(
                        folder.resolve("stack.yaml"),
                        (name, path) -> new ModelFinder.Found(snapshot, "org/m"));
        assertThat(lock(config).sections().get("base"))
                .containsEntry("hub_id", "org/m")
                .containsEntry("commit", commit);
    }

    @Test
    void aStackThatIsNotWholeIsNotLocked() throws IOException {
        assertThatThrownBy(() -> StackLock.read(stack))
                .hasMessage(
                        "%s: no such lock file; write it with: cairn lock %s",
                        folder.resolve("stack.lock"), folder.resolve("stack.yaml"));

        Files.delete(folder.resolve("out/a/adapter_config.json"));
        assertThatThrownBy(() -> lock(stack))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        "%s: stage a has no whole adapter in %s; train it with: cairn train %s",
                        stack.file(), folder.resolve("out/a"), stack.file());

        Files.delete(folder.resolve("base/model.safetensors"));
        assertThatThrownBy(() -> lock(stack))
                .hasMessage(
                        "%s: base_model: no model in %s; check the path",
                        stack.file(), folder.resolve("base"));

        Files.delete(folder.resolve("data/train.jsonl"));
        assertThatThrownBy(() -> lock(stack)).hasMessageContaining("data");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ | not valid JSON",
                "{} | format_version: expected 1, found nothing",
                "{\"format_version\": 2} | format_version: expected 1, found 2",
                "[1] | format_version: expected 1, found nothing",
                "{\"format_version\": 1, \"base\": {\"x\": 1}} | base.x: expected a text, found 1",
                "{\"format_version\": 1, \"base\": 3} | base: expected an object, found 3",
            })
    void aDamagedLockIsOneLine(String text, String problem) throws IOException {
        Files.writeString(folder.resolve("stack.lock"), text);
        assertThatThrownBy(() -> StackLock.read(stack))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(folder.resolve("stack.lock") + ": ")
                .hasMessageContaining(problem)
                .hasMessageEndingWith("; restore the file, or lock the stack again");
    }
}
