package dev.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.hub.FakeHub;
import dev.cairn.hub.FakeRepository;
import dev.cairn.hub.HubSettings;
import dev.cairn.hub.PullListener;
import dev.cairn.recipe.HubModelFinder;
import dev.cairn.stack.config.ModelFinder.Found;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Ids of the hub where a path may stand too. */
class HubModelsTest {
    @TempDir private static Path shared;
    private static final FakeHub HUB = FakeHub.start();
    private static Path base;

    @TempDir private Path temp;

    @BeforeAll
    static void upload() throws IOException {
        base = TinyBase.in(shared);
        FakeRepository repository = HUB.repository("org/tiny");
        for (String name : new String[] {"config.json", "tokenizer.json"}) {
            repository.small(name, Files.readString(base.resolve(name)));
        }
        Path weights = base.resolve("model.safetensors");
        repository.large("model.safetensors", Files.readAllBytes(weights));
    }

    @AfterAll
    static void stop() {
        HUB.close();
    }

    private HubSettings settings() {
        return new HubSettings(temp.resolve("cache"), URI.create(HUB.endpoint()), false, null);
    }

    private Cli.Result cairn(Object... args) {
        return Cli.cairnWith(
                Map.of(
                        "HF_HUB_CACHE",
                        temp.resolve("cache").toString(),
                        "HF_ENDPOINT",
                        HUB.endpoint()),
                args);
    }

    @Test
    void whatExistsIsAPathWhateverItLooksLike() throws IOException {
        Path folder = Files.createDirectories(temp.resolve("org/tiny"));
        Path file = Files.createFile(temp.resolve("org/file"));
        HubModelFinder paths =
                new HubModelFinder(
                        () -> {
                            throw new AssertionError("the hub was asked");
                        },
                        PullListener.NONE);
        assertThat(paths.find("org/tiny", folder)).isEqualTo(new Found(folder, null));
        assertThat(paths.find("org/file", file)).isEqualTo(new Found(file, null));
        Path none = temp.resolve("none");
        assertThat(paths.find("./org/none", none)).isEqualTo(new Found(none, null));
        assertThat(paths.find("none")).isEqualTo(new Found(Path.of("none"), null));
    }

    @Test
    void whatIsNeitherSaysBoth() {
        Path none = temp.resolve("org/none");
        assertThatThrownBy(() ->
                        new HubModelFinder(this::settings, PullListener.NONE)
                                .find("org/none@v1", none))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(
                        none
                                + ": no such file or folder; and as a model of the hub: org/none: no such model on "
                                + HUB.endpoint());
    }

    @Test
    void aModelOfTheHubIsScoredAsOneInAFolder() throws IOException {
        String[] words = {"--continuation-tokens", "5,6,7", "--json"};
        Cli.Result path = Cli.cairn("score", "--model", base, List.of(words));
        Cli.Result id = cairn("score", "--model", "org/tiny", words[0], words[1], words[2]);
        assertThat(id.status()).as(id.err()).isZero();
        assertThat(id.out()).isEqualTo(path.out());
        assertThat(id.err()).contains("model.safetensors: downloading");

        int before = HUB.requests().size();
        Cli.Result again = cairn("score", "--model", "org/tiny", words[0], words[1], words[2]);
        assertThat(again.out()).isEqualTo(path.out());
        assertThat(again.err()).isEmpty();
        assertThat(HUB.requests()).hasSize(before);
    }

    /** A name's newest weights may be others: an adapter belongs to those it was trained on. */
    @Test
    void anAdapterKeepsToTheRevisionOfItsBase() throws IOException {
        FakeRepository repository = HUB.repository("org/moving");
        for (String name : new String[] {"config.json", "tokenizer.json"}) {
            repository.small(name, Files.readString(base.resolve(name)));
        }
        byte[] old = Files.readAllBytes(base.resolve("model.safetensors"));
        repository.large("model.safetensors", old).revision("v1");
        Path yaml = TinyBase.stack(temp, base, "count: 60", "count: 12");
        Files.writeString(
                yaml,
                Files.readString(yaml).replaceFirst("base_model: .*", "base_model: org/moving@v1"));
        assertThat(cairn("train", yaml, "--stage", "focus").status()).isZero();
        Path adapter = temp.resolve("adapters/focus");
        var config =
                JsonMapper.shared()
                        .readTree(Files.readString(adapter.resolve("adapter_config.json")));
        assertThat(config.path("base_model_name_or_path").stringValue()).isEqualTo("org/moving");
        assertThat(config.path("revision").stringValue()).isEqualTo("v1");

        // Only v1 is in the cache: main, which would stand for another commit tomorrow, is not.
        assertThat(offline("score", "--model", "org/moving", "--continuation", "a b").status())
                .isEqualTo(1);
        Cli.Result fused = offline("fuse", adapter, "--output", temp.resolve("fused"));
        assertThat(fused.status()).as(fused.err()).isZero();
    }

    private Cli.Result offline(Object... args) {
        String cache = temp.resolve("cache").toString();
        return Cli.cairnWith(Map.of("HF_HUB_CACHE", cache, "HF_HUB_OFFLINE", "1"), args);
    }

    @Test
    void aStackNamesItsBaseAndAnAdapterByTheirIds() throws IOException {
        Path yaml = TinyBase.stack(temp, base, "count: 60", "count: 12");
        String text = Files.readString(yaml).replaceFirst("base_model: .*", "base_model: org/tiny");
        Files.writeString(yaml, text);
        Cli.Result trained = cairn("train", yaml, "--stage", "focus");
        assertThat(trained.status()).as(trained.err()).isZero();
        Path adapter = temp.resolve("adapters/focus");
        assertThat(
                        JsonMapper.shared()
                                .readTree(Files.readString(adapter.resolve("adapter_config.json")))
                                .path("base_model_name_or_path")
                                .stringValue())
                .isEqualTo("org/tiny");

        HUB.repository("org/focus")
                .small(
                        "adapter_config.json",
                        Files.readString(adapter.resolve("adapter_config.json")))
                .large(
                        "adapter_model.safetensors",
                        Files.readAllBytes(adapter.resolve("adapter_model.safetensors")));
        Files.writeString(
                yaml,
                text.replace("name: focus", "name: focus\n    adapter: org/focus")
                        .replace("name: answer", "name: answer\n    adapter: none"));
        Cli.Result answered = cairn("run", "--json", yaml, "Emma went to the park.");
        assertThat(answered.status()).as(answered.err()).isZero();
        var stages = JsonMapper.shared().readTree(answered.out()).path("stages");
        assertThat(stages.path(0).path("base").stringValue()).isEqualTo("org/tiny");
        assertThat(stages.path(0).path("adapter_digest").stringValue()).isNotEqualTo("none");

        Files.writeString(yaml, text.replace("base_model: org/tiny", "base_model: org/none"));
        Cli.Result none = cairn("run", yaml, "x");
        assertThat(none.status()).isEqualTo(1);
        assertThat(none.err())
                .hasLineCount(1)
                .startsWith("cairn: " + yaml + ": base_model: " + temp.resolve("org/none"))
                .contains("no such file or folder", "no such model");
    }

    @Test
    void aMistakeInTheYamlShowsBeforeAnythingIsDownloaded() throws IOException {
        Path yaml =
                TinyBase.write(
                        temp.resolve("stack.yaml"),
                        """
                        name: n
                        base_model: org/tiny
                        output_dir: out
                        stages: [{name: a, prompt: "{{b}}"}]
                        """);
        int before = HUB.requests().size();
        assertThat(cairn("run", yaml, "x").err()).contains("{{b}} is not defined");
        assertThat(HUB.requests()).hasSize(before);
    }
}
