package dev.cairn.stack.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import dev.cairn.text.Contract;
import dev.cairn.text.template.Prompt;
import dev.cairn.text.template.TemplateVariables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stack described in code is what its YAML would be, and is checked as strictly. */
class StackBuilderTest {
    @TempDir private Path folder;

    private static StackBuilder tiny() {
        return StackConfig.builder("tiny", Path.of("base"));
    }

    private static void refused(StackBuilder builder, String message) {
        assertThatThrownBy(builder::build).isInstanceOf(CairnException.class).hasMessage(message);
    }

    @Test
    void whatIsNotSaidIsAsInAYaml() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("stack.yaml"),
                        """
                        name: tiny
                        base_model: base
                        output_dir: out
                        stages:
                          - {name: focus, prompt: "{{input}} Focus:", teach: "What is in {{input}}?"}
                          - {name: answer, prompt: "{{focus}} Answer:", adapter: none}
                        """);
        StackConfig read = StackConfig.load(file, ModelFinder.PATHS);
        StackConfig built =
                StackConfig.builder("tiny", folder.resolve("base"))
                        .outputDir(folder.resolve("out"))
                        .stage(
                                "focus",
                                s -> s.prompt("{{input}} Focus:").teach("What is in {{input}}?"))
                        .stage("answer", s -> s.prompt("{{focus}} Answer:").noAdapter())
                        .build();
        assertThat(built)
                .usingRecursiveComparison()
                .ignoringFields("file")
                .ignoringFieldsMatchingRegexes(".*where")
                .isEqualTo(read);
        assertThat(built.file()).isEqualTo(Path.of("tiny"));
        assertThat(built.trained()).extracting(StageConfig::name).containsExactly("focus");
    }

    @Test
    void aStageHasItsOwnSettingsOrThoseOfTheStack() {
        DecodingConfig own = DecodingConfig.DEFAULT.withMaxNewTokens(3).withStop(List.of("\n"));
        StackConfig stack =
                tiny().decoding(DecodingConfig.DEFAULT.withMaxNewTokens(8))
                        .training(TrainingConfig.DEFAULT.withLearningRate(0.01).withSeed(5))
                        .stage("focus", "{{input}}")
                        .stage("answer", s -> s.prompt("{{focus}}").decoding(own).answerAfter("#"))
                        .build();
        StageConfig first = stack.stages().getFirst();
        StageConfig last = stack.stages().getLast();
        assertThat(first.decoding().maxNewTokens()).isEqualTo(8);
        assertThat(first.training().schedule().learningRate()).isEqualTo(0.01);
        assertThat(last.decoding()).isEqualTo(own);
        assertThat(last.training()).isEqualTo(first.training());
        assertThat(last.training().seed()).isEqualTo(5);
        assertThat(last.answerAfter()).isEqualTo("#");
    }

    @Test
    void messagesAreAPromptForAChatTemplate() {
        StackConfig stack =
                tiny().stage(
                                "answer",
                                s -> s.message("system", "Be brief.").message("user", "{{input}}"))
                        .build();
        Prompt prompt = stack.stages().getFirst().prompt();
        assertThat(prompt.variables()).isEqualTo(Set.of("input"));
        assertThat(prompt)
                .isInstanceOfSatisfying(
                        Prompt.Chat.class,
                        chat ->
                                assertThat(chat.turns())
                                        .extracting(Prompt.Message::role)
                                        .containsExactly("system", "user"));
        assertThat(stack.stages().getFirst().target().render(Map.of("answer", "x"))).isEqualTo("x");
    }

    @Test
    void mistakesAreNamedByTheStackAndTheKey() {
        TemplateVariables calm = new TemplateVariables(Map.of("mood", "calm"));
        refused(tiny(), "tiny: stages: expected at least one stage, found none");
        refused(
                tiny().stage("answer", "{{facts}}"),
                "tiny: stages[0].prompt: {{facts}} is not defined by an earlier stage; stage answer may use input");
        refused(
                tiny().stage("a", "{{input}}").stage("a", "{{input}}"),
                "tiny: stages[1].name: 'a' is already taken; give each stage its own name");
        refused(
                tiny().stage("a", s -> s.teach("Say it.")),
                "tiny: stages[0].prompt: expected either a text or messages, found neither");
        refused(
                tiny().stage("a", s -> s.prompt("{{input}}").message("user", "{{input}}")),
                "tiny: stages[0].prompt: expected either a text or messages, found both");
        refused(
                tiny().stage("a", s -> s.prompt("{{input}}").templateVariables(calm)),
                "tiny: stages[0].prompt: template variables are for messages, but the prompt is one text");
        refused(
                tiny().stage("a", s -> s.prompt("{{input}}").teach("{{b}}")),
                "tiny: stages[0].teach: {{b}} is not defined by an earlier stage; stage a may use input, answer");
        refused(
                tiny().stage("a", s -> s.prompt("{{input}}").answerAfter("")),
                "tiny: stages[0].answer_after: expected a string of at least one character, found \"\"");
    }

    @Test
    void aTeacherHasTheDefaultsOfTheYaml() {
        TeacherConfig usual = TeacherConfig.DEFAULT;
        assertThat(TeacherConfig.server(usual.baseUrl(), usual.model()).build()).isEqualTo(usual);
        TeacherConfig teacher =
                TeacherConfig.local("org/model")
                        .samples(3)
                        .price(0.5, 1.5)
                        .system("Be brief.")
                        .build();
        assertThat(teacher.local()).isEqualTo("org/model");
        assertThat(teacher.samples()).isEqualTo(3);
        assertThat(teacher.price()).isEqualTo(new TeacherConfig.Price(0.5, 1.5));
        assertThatThrownBy(() -> TeacherConfig.server("nowhere", "any").build())
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith("base_url: expected an address");
    }

    @Test
    void aContractIsSaidPieceByPiece() {
        Contract contract =
                Contract.NONE
                        .withMaxTokens(5)
                        .withPattern("[a-z]+")
                        .withQuotesInput(2)
                        .withRetries(0);
        assertThat(contract).isEqualTo(new Contract(5, "[a-z]+", null, 2, 0));
    }
}
