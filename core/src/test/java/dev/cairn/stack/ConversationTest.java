package dev.cairn.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.cairn.CairnException;
import dev.cairn.Cancellation;
import dev.cairn.config.SamplingParams;
import dev.cairn.config.WeightFormat;
import dev.cairn.stack.config.ModelFinder;
import dev.cairn.stack.config.StackConfig;
import dev.cairn.support.AtomicFiles;
import dev.cairn.text.ChatMessage;
import dev.cairn.text.StageListener;
import dev.cairn.text.TokenProbability;
import dev.cairn.text.completion.CompletionRequest;
import dev.cairn.text.completion.DecodingRequest;
import dev.cairn.text.template.TemplateVariables;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConversationTest {
    private static final String TEMPLATE =
            "{% for m in messages %}<{{ m.role }}>{{ m.content }};{% endfor %}"
                    + "{% if add_generation_prompt %}@{% endif %}";

    /** What the model of most tests says to everything. */
    private static final String YES = "yes";

    @TempDir Path directory;

    private final List<String> prompts = new ArrayList<>();

    /** A model that answers {@value #YES}, or what the chain says, in a window of 64 tokens. */
    private ModelFinder.Found model(String template, String... chains) {
        Path base = TinyBases.chains(directory.resolve("base"), chains);
        if (!template.isEmpty()) {
            AtomicFiles.writeString(base.resolve("chat_template.jinja"), template);
        }
        return new ModelFinder.Found(base, null);
    }

    private Conversation conversation(@Nullable String system) {
        return conversation(model(TEMPLATE, "@yes"), system);
    }

    private static Conversation conversation(ModelFinder.Found model, @Nullable String system) {
        return Conversation.ofModel(
                model, null, system, TemplateVariables.NONE, WeightFormat.AS_STORED);
    }

    private Conversation.Reply say(Conversation conversation, String text) {
        return conversation.say(
                text,
                DecodingRequest.NONE,
                new StageListener() {
                    @Override
                    public void started(String stage, String prompt) {
                        prompts.add(prompt);
                    }
                },
                Cancellation.NONE);
    }

    @Test
    void theModelReadsWhatWasSaidBeforeThroughItsTemplate() {
        Conversation conversation = conversation(null);

        assertThat(say(conversation, "x").answer().text()).isEqualTo(YES);
        assertThat(say(conversation, "y").dropped()).isZero();

        assertThat(prompts).containsExactly("<user>x;@", "<user>x;<assistant>yes;<user>y;@");
        assertThat(conversation.history())
                .extracting(ChatMessage::role, ChatMessage::content)
                .containsExactly(
                        tuple("user", "x"),
                        tuple("assistant", YES),
                        tuple("user", "y"),
                        tuple("assistant", YES));
    }

    @Test
    void theSystemMessageStaysWhenTheRestIsForgotten() {
        Conversation conversation = conversation("s");
        say(conversation, "x");
        conversation.clear();
        assertThat(conversation.history()).isEmpty();

        say(conversation, "y");
        assertThat(prompts).containsExactly("<system>s;<user>x;@", "<system>s;<user>y;@");
    }

    /**
     * Half of the window of 64 is for the answer, so 32 tokens are for the prompt. Three exchanges
     * have 55, two 32, one 9: the first two are left out, since 32 is more than half of the room.
     */
    @Test
    void whatNoLongerFitsIsForgottenDownToHalfOfTheRoom() {
        Conversation conversation = conversation(null);
        say(conversation, "x");
        assertThat(say(conversation, "y").dropped()).isZero();

        assertThat(say(conversation, "z").dropped()).isEqualTo(4);

        assertThat(prompts.getLast()).isEqualTo("<user>z;@");
        assertThat(conversation.history()).hasSize(2);
    }

    @Test
    void fewerTokensForTheAnswerLeaveMoreForTheHistory() {
        Conversation conversation = conversation(null);
        var few = new DecodingRequest(4, SamplingParams.Overrides.NONE, List.of());
        for (String text : List.of("x", "y", "z")) {
            var reply = conversation.say(text, few, StageListener.NONE, Cancellation.NONE);
            assertThat(reply.dropped()).isZero(); // 55 + 4 tokens fit
        }
    }

    @Test
    void aQuestionThatCannotFitIsRefusedAndNothingIsForgotten() {
        Conversation conversation = conversation(null);
        say(conversation, "x");

        assertThatThrownBy(() -> say(conversation, "z".repeat(80)))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        "the prompt has 88 tokens, but the model's context window is 64; shorten the prompt");

        assertThat(conversation.history()).hasSize(2);
        assertThat(say(conversation, "y").dropped()).isZero();
    }

    @Test
    void aCancelledAnswerIsRememberedAsFarAsItWent() {
        Conversation conversation = conversation(model(TEMPLATE, "@abcdefgh"), null);
        AtomicInteger letters = new AtomicInteger();
        StageListener counting =
                new StageListener() {
                    @Override
                    public void wrote(String stage, String text, List<TokenProbability> tokens) {
                        letters.addAndGet(text.length());
                    }
                };

        assertThatThrownBy(() ->
                        conversation.say(
                                "x",
                                DecodingRequest.NONE,
                                counting,
                                () -> cancel(letters.get() >= 3)))
                .isInstanceOf(CancellationException.class);

        assertThat(conversation.history())
                .containsExactly(new ChatMessage("user", "x"), new ChatMessage("assistant", "abc"));
    }

    @Test
    void aQuestionWithoutAWordOfAnAnswerIsForgottenAlsoIfItWasAskedBefore() {
        Conversation conversation = conversation(null);
        say(conversation, "x");
        List<ChatMessage> before = conversation.history();

        assertThatThrownBy(() ->
                        conversation.say(
                                "x", DecodingRequest.NONE, StageListener.NONE, () -> cancel(true)))
                .isInstanceOf(CancellationException.class);

        assertThat(conversation.history()).isEqualTo(before);
    }

    private static void cancel(boolean isWanted) {
        if (isWanted) {
            throw new CancellationException();
        }
    }

    @Test
    void aModelWithoutATemplateContinuesTheTextAndTakesNoSystemMessage() {
        ModelFinder.Found plain = model("", "#no");
        assertThat(say(conversation(plain, null), "is it#").answer().text()).isEqualTo("no");
        assertThat(prompts).containsExactly("is it#");

        assertThatThrownBy(() -> conversation(plain, "s"))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        plain.directory()
                                + ": has no chat template and so cannot take a system message; leave it out");
    }

    @Test
    void aStackReadsTheConversationAsOneTextAsBehindAServer() {
        model("", "#cat", "@dog");
        StackConfig config =
                Stacks.ofStages(
                        directory,
                        """
                        - {name: first, prompt: "{{input}}#", adapter: none}
                        - {name: second, prompt: "{{first}}@", adapter: none}
                        """);
        Conversation conversation =
                Conversation.ofStack(config, config.outputDir(), WeightFormat.AS_STORED);

        assertThat(say(conversation, "x").answer().text()).isEqualTo("dog");
        say(conversation, "y");

        assertThat(prompts)
                .containsExactly("x#", "cat@", "User: x\nAssistant: dog\nUser: y#", "cat@");
        assertThat(conversation.last()).isEqualTo("second");
    }

    /** What was read before is not read again, and that changes no bit. */
    @Test
    void aLaterAnswerIsThatOfAModelThatReadsEverythingAnew() {
        Path base = TinyBases.random(directory.resolve("base"), 3);
        AtomicFiles.writeString(base.resolve("chat_template.jinja"), TEMPLATE);
        ModelFinder.Found found = new ModelFinder.Found(base, null);
        Conversation conversation = conversation(found, null);
        var request = new DecodingRequest(12, SamplingParams.Overrides.NONE, List.of());
        conversation.say("ab", request, StageListener.NONE, Cancellation.NONE);
        List<ChatMessage> asked = new ArrayList<>(conversation.history());
        asked.add(new ChatMessage("user", "cd"));

        var second = conversation.say("cd", request, StageListener.NONE, Cancellation.NONE);

        try (Serving serving =
                Serving.open(List.of(), List.of(found), WeightFormat.AS_STORED, 1 << 20)) {
            var anew =
                    serving.models()
                            .getFirst()
                            .complete(
                                    new CompletionRequest(
                                            new CompletionRequest.Input.Chat(asked),
                                            Map.of(),
                                            request,
                                            0,
                                            false),
                                    StageListener.NONE,
                                    Cancellation.NONE);
            assertThat(second.answer().stages().getFirst().tokens())
                    .isEqualTo(anew.stages().getFirst().tokens());
        }
    }
}
