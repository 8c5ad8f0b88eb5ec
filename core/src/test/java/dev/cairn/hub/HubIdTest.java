package dev.cairn.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubIdTest {
    @Test
    void partsAreTakenApart() {
        assertThat(HubId.parse("org/name")).isEqualTo(new HubId("org", "name", "main"));
        assertThat(HubId.parse("gpt2")).isEqualTo(new HubId(null, "gpt2", "main"));
        HubId id = HubId.parse("EleutherAI/pythia-70m.v0_1@refs/pr/3");
        assertThat(id).isEqualTo(new HubId("EleutherAI", "pythia-70m.v0_1", "refs/pr/3"));
        assertThat(id).hasToString("EleutherAI/pythia-70m.v0_1@refs/pr/3");
        assertThat(id.folder()).isEqualTo("models--EleutherAI--pythia-70m.v0_1");
        assertThat(HubId.parse("gpt2@main")).hasToString("gpt2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "a/",
                "/a",
                "a/b/c",
                "a//b",
                "a--b/c",
                "a/b--c",
                "a/b..c",
                "../b",
                "a/..",
                ".a/b",
                "a/.b",
                "-a/b",
                "a/b-",
                "a/b.git",
                "a b/c",
                "a/b\n",
                "é/b",
                "a/b@",
                "a/b@x y",
                "a/b@../x",
                "a/b@x/../../y",
                "a/b@/x",
                "a/b@x/",
                "a/b@.x",
                "a/b@x/.y",
                "a/b@x.lock",
                "a/b@x\\y",
                "a/b:",
                "a/b@x:",
                "a/b:x@y",
                "a/b:x:y",
                "a/b:x\0",
                "a/b@x~1",
                "a/b@x\0",
                "a/b@x.",
                "a/b@x//y"
            })
    void whatTheHubCannotHaveIsRefused(String text) {
        assertThatThrownBy(() -> HubId.parse(text))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("expected");
        assertThat(HubId.inPlaceOfPath(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gpt2",
                "./a/b",
                "~/a",
                "/a/b",
                "../a",
                "a/b/c",
                "models/a.gguf",
                "a/b/",
                "./a@b"
            })
    void whatLooksLikeAPathIsOne(String text) {
        assertThat(HubId.inPlaceOfPath(text)).isEmpty();
    }

    @Test
    void anIdMayStandInPlaceOfAPath() {
        assertThat(HubId.inPlaceOfPath("org/name@v1")).contains(new HubId("org", "name", "v1"));
        assertThat(HubId.inPlaceOfPath("org/name:a/b.gguf"))
                .contains(new HubId("org", "name", "main", "a/b.gguf"));
    }

    @Test
    void aFileOfARepositoryStandsAfterAColon() {
        HubId id = HubId.parse("org/name@v1:Q4_K_M");

        assertThat(id).isEqualTo(new HubId("org", "name", "v1", "Q4_K_M"));
        assertThat(id).hasToString("org/name@v1:Q4_K_M");
        assertThat(id.at(null)).hasToString("org/name:Q4_K_M");
        assertThat(id.at(null).at("v2")).hasToString("org/name@v2:Q4_K_M");
    }
}
