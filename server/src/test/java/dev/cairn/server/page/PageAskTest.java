package dev.cairn.server.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A person asks, and watches how the answer comes about. */
@ExtendWith(Chromium.class)
@Tag("browser")
final class PageAskTest {
    @Test
    void offersStacksFirstAndTheStacksBaseBesideThem(Visit visit) {
        Page page = visit.open();
        assertThat(page.getByLabel("Model").first().locator("optgroup").first())
                .hasAttribute("label", "Stacks");
        assertThat(page.getByLabel("Model").first()).hasValue("stories");
        assertThat(page.getByLabel("Beside it")).hasValue("pebble");
        assertThat(page.locator("#about-model"))
                .containsText("Stages: focus, facts, reasoning, answer.");
    }

    @Test
    void stagesFillInOneBelowTheOtherWhileTheyAreWritten(Visit visit) {
        ScriptedModel stories = visit.server().stories();
        stories.hold("facts", 0);
        stories.hold("facts", 2);
        visit.open();
        visit.ask(Visit.QUESTION);

        assertThat(visit.state("focus")).hasText("done");
        assertThat(visit.text("focus")).hasText("Where is the hat?");
        assertThat(visit.state("facts")).hasText("reading");
        assertThat(visit.state("reasoning")).hasText("waiting");
        assertThat(visit.page().locator(".progress").first())
                .hasText(Pattern.compile("facts is reading · \\d+\\.\\d s"));
        assertThat(visit.button("Stop")).isVisible();

        stories.release("facts", 0);
        assertThat(visit.state("facts")).hasText("writing");
        assertThat(visit.text("facts")).hasText("Paul took");
        assertThat(visit.text("facts").locator(".token").first()).hasAttribute("title", "95 %");

        stories.release("facts", 2);
        visit.awaitAnswer();
        assertThat(visit.text("facts")).hasText("Paul took the hat. Olga went to the park.");
        assertThat(visit.text("reasoning")).hasText("It is now in the park.");
        assertThat(visit.answer().locator(".said")).hasText("park");
        for (String stage : stories.card().stages()) {
            assertThat(visit.state(stage)).hasText("done");
        }
        assertThat(visit.stage("focus").locator(".figures"))
                .hasText("read 12 mswrote 4 tokens in 34 msmean confidence 46 %");
    }

    @Test
    void tellsThoseWhoListenWhenAStageIsDone(Visit visit) {
        visit.open();
        visit.askAlone(Visit.QUESTION);
        Locator announcer = visit.page().locator("#announcer");
        assertThat(announcer).hasAttribute("aria-live", "polite");
        assertThat(announcer)
                .hasText(
                        Pattern.compile(
                                "reasoning of stories is done\\..*answer of stories is done\\."
                                        + ".*Answer of stories: park"));
    }

    @Test
    void shadesWordsByProbabilityAndSaysItInWords(Visit visit) {
        Page page = visit.open();
        visit.askAlone(Visit.QUESTION);
        Locator tokens = visit.text("focus").locator(".token");
        assertThat(tokens.allTextContents()).containsExactly("Where", "is", "the", "hat?");
        assertThat(tokens.nth(1)).hasAttribute("title", "50 %");
        assertThat(background(tokens.nth(1))).isNotEqualTo(background(tokens.nth(0)));
        assertThat(background(tokens.nth(2))).isNotEqualTo(background(tokens.nth(1)));
        assertThat(page.locator("#legend li")).hasCount(5);

        visit.text("focus").focus();
        page.keyboard().press("ArrowRight");
        page.keyboard().press("ArrowRight");
        assertThat(visit.stage("focus").locator(".readout")).hasText("“is”: 50 %");

        page.getByLabel("Shade by probability").uncheck();
        assertThat(background(tokens.nth(1))).isEqualTo(background(tokens.nth(0)));
        assertThat(page.locator("#legend")).isHidden();
    }

    private static Object background(Locator token) {
        return token.evaluate("token => getComputedStyle(token).backgroundColor");
    }

    @Test
    void showsThePromptThatAStageSaw(Visit visit) {
        Page page = visit.open();
        visit.askAlone(Visit.QUESTION);
        Locator prompt = visit.stage("facts").locator("pre");
        assertThat(prompt).isHidden();
        visit.stage("facts").getByText("Prompt, ").click();
        assertThat(prompt).isVisible();
        Map<String, String> texts = Map.of("focus", "Where is the hat?");
        assertThat(prompt.textContent())
                .isEqualTo(ScriptedModel.prompt("facts", Visit.QUESTION, texts));

        page.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
        visit.button("Copy the prompt of facts").click();
        assertThat(visit.stage("facts").locator(".copy")).hasText("Copied");
        assertThat(page.evaluate("navigator.clipboard.readText()")).isEqualTo(prompt.textContent());
    }

    @Test
    void theBaselineAnswersAtTheSameTimeBesideTheStack(Visit visit) {
        visit.server().stories().hold("focus", 0);
        Page page = visit.open();
        visit.ask(Visit.QUESTION);
        Locator baseline = page.locator(".run").nth(1);
        assertThat(baseline.locator("h2")).hasText("Beside it: pebble");
        assertThat(baseline.locator(".said")).hasText("Nobody knows.");
        assertThat(visit.state("focus")).hasText("reading");

        double left = page.locator(".run").first().boundingBox().x;
        assertThat(baseline.boundingBox().x).isGreaterThan(left + 200);
        page.setViewportSize(700, 900);
        assertThat(baseline.boundingBox().x)
                .isEqualTo(page.locator(".run").first().boundingBox().x);

        visit.server().stories().release("focus", 0);
        visit.awaitAnswer();
    }

    @Test
    void whatLooksLikeHtmlIsShownAsText(Visit visit) {
        Page page = visit.open();
        String html =
                "<img src=x onerror=alert(1)> took the <b>hat</b>. Where is <script>1</script>?";
        visit.askAlone(html);
        assertThat(visit.text("focus")).hasText("Where is <script>1</script>?");
        assertThat(visit.text("facts"))
                .hasText("<img src=x onerror=alert(1)> took the <b>hat</b>.");
        assertThat(page.locator(".run img, .run b, .run script, #traces img")).hasCount(0);
        assertThat(page.locator("#traces .asked").first()).hasText(html);
    }

    @Test
    void aSingleStageCanBeAskedToo(Visit visit) {
        Page page = visit.open();
        page.getByLabel("Model").first().selectOption("pebble");
        assertThat(page.getByLabel("Beside it")).hasValue("");
        visit.ask(Visit.QUESTION);
        visit.awaitAnswer();
        assertThat(visit.text("pebble")).hasText("Nobody knows.");
        assertThat(visit.answer().locator(".said")).hasText("Nobody knows.");
    }
}
