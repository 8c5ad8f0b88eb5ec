package dev.cairn.server.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.cairn.text.completion.Correction;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A person puts a stage right. */
@ExtendWith(Chromium.class)
@Tag("browser")
final class PageEditTest {
    private static final String BETTER = "Paul took the hat. Olga went to the old garden.";

    private static Locator edit(Visit visit, String stage, String text) {
        visit.button("Edit " + stage).click();
        Locator field = visit.page().getByLabel("New text of " + stage);
        field.fill(text);
        return field;
    }

    @Test
    void whatFollowsAnEditedStageRunsAgainAndTheDifferenceIsShown(Visit visit) {
        visit.open();
        visit.askAlone(Visit.QUESTION);
        edit(visit, "facts", BETTER);
        visit.button("Run what follows").click();
        visit.awaitAnswer();

        assertThat(visit.state("focus")).hasText("kept from the run before");
        assertThat(visit.text("focus").locator(".token")).hasCount(4);
        assertThat(visit.state("facts")).hasText("edited");
        assertThat(visit.text("facts")).hasText(BETTER);
        assertThat(visit.stage("facts").locator("del")).hasText("removed: park.");
        assertThat(visit.stage("facts").locator("ins")).hasText("added: old garden.");
        assertThat(visit.stage("reasoning").locator("ins")).hasText("added: garden.");
        assertThat(visit.stage("reasoning").locator(".difference .note"))
                .hasText("Against the run before: 1 word added, 1 removed.");
        assertThat(visit.stage("answer").locator("ins")).hasText("added: garden");
        assertThat(visit.answer().locator(".said")).hasText("garden");
        assertThat(visit.answer().locator("del")).hasText("removed: park");
        assertThat(visit.server().stories().ran())
                .as("stages before the edited one did not run again")
                .isEqualTo(List.of("focus", "facts", "reasoning", "answer", "reasoning", "answer"));
    }

    @Test
    void aStageThatSaysTheSameAgainIsSaidToBeTheSame(Visit visit) {
        visit.open();
        visit.askAlone(Visit.QUESTION);
        edit(visit, "focus", "Where is Olga?").press("Control+Enter");
        visit.awaitAnswer();
        assertThat(visit.stage("facts").locator(".difference")).hasText("Same as before.");
        assertThat(visit.answer().locator(".difference")).hasText("Same as before.");
    }

    @Test
    void anEditedTextBecomesATrainingExampleOfItsStage(Visit visit) {
        Page page = visit.open();
        visit.askAlone(Visit.QUESTION);
        edit(visit, "facts", BETTER);
        visit.button("Save as training example").click();
        assertThat(page.locator(".saved"))
                .hasText(
                        "Saved as a training example of facts in"
                                + " out/stories/corrections/facts.jsonl.");
        assertThat(visit.server().corrections())
                .containsExactly(
                        new Correction(
                                "stories",
                                "facts",
                                Visit.QUESTION,
                                Map.of("focus", "Where is the hat?"),
                                BETTER));
    }

    @Test
    void whatCannotBeSavedSaysWhyBesideTheText(Visit visit) {
        visit.expectRefusals();
        visit.open();
        visit.askAlone(Visit.QUESTION);
        edit(visit, "facts", "?");
        visit.button("Save as training example").click();
        assertThat(visit.stage("facts").locator(".problem"))
                .containsText("No example can be made of '?'.");
        visit.page().getByLabel("New text of facts").fill(BETTER);
        visit.button("Try again").click();
        assertThat(visit.stage("facts").locator(".saved")).containsText("Saved");
    }

    @Test
    void theLastStageCanBeCorrectedButNothingFollowsIt(Visit visit) {
        visit.open();
        visit.askAlone(Visit.QUESTION);
        edit(visit, "answer", "garden");
        assertThat(visit.button("Run what follows")).hasCount(0);
        assertThat(visit.button("Save as training example")).isVisible();
        visit.button("Cancel").click();
        assertThat(visit.button("Edit answer")).isFocused();
        assertThat(visit.text("answer")).hasText("park");
    }

    @Test
    void anAnswerAndAStageAreMarkedAndTheMarkIsTakenBack(Visit visit) {
        Page page = visit.open();
        visit.askAlone(Visit.QUESTION);
        Locator right = Visit.button(visit.answer(), "Right");
        Locator wrong = Visit.button(visit.stage("facts"), "Wrong");
        right.click();
        wrong.click();
        assertThat(right).hasAttribute("aria-pressed", "true");
        assertThat(wrong).hasAttribute("aria-pressed", "true");
        assertThat(page.locator("#traces .mark").first()).hasText("✓ right");

        page.reload();
        assertThat(right).hasAttribute("aria-pressed", "true");
        assertThat(wrong).hasAttribute("aria-pressed", "true");

        wrong.click();
        assertThat(wrong).hasAttribute("aria-pressed", "false");
        page.reload();
        assertThat(right).hasAttribute("aria-pressed", "true");
        assertThat(wrong).hasAttribute("aria-pressed", "false");
    }

    @Test
    void everythingCanBeDoneWithTheKeyboard(Visit visit) {
        Page page = visit.open();
        assertThat(page.getByLabel("Beside it")).hasValue("pebble");
        press(page, "Tab", "Enter");
        assertThat(page.locator("#question")).isFocused();
        page.keyboard().type(Visit.QUESTION);
        press(page, "Control+Enter");
        visit.awaitAnswer();

        tabTo(page, visit.text("facts"));
        press(page, "p");
        assertThat(visit.stage("facts").locator("pre")).isVisible();
        press(page, "e");
        assertThat(page.getByLabel("New text of facts")).isFocused();
        press(page, "Escape");
        assertThat(visit.button("Edit facts")).isFocused();
        press(page, "e", "Control+a");
        page.keyboard().type(BETTER);
        press(page, "Control+Enter");
        assertThat(visit.text("facts")).isFocused();
        visit.awaitAnswer();

        press(page, "w");
        assertThat(Visit.button(visit.stage("facts"), "Wrong"))
                .hasAttribute("aria-pressed", "true");
        tabTo(page, visit.answer().locator(".said"));
        press(page, "r");
        assertThat(Visit.button(visit.answer(), "Right")).hasAttribute("aria-pressed", "true");
        tabTo(page, page.locator("#search"));
        tabTo(page, page.locator("#traces a:has(.got:text-is('park'))"));
        press(page, "Enter");
        assertThat(page.locator(".run h2").first()).hasText("Asked before: stories");
        assertThat(visit.answer().locator(".said")).hasText("park");
    }

    private static void press(Page page, String... keys) {
        for (String key : keys) {
            page.keyboard().press(key);
        }
    }

    private static void tabTo(Page page, Locator goal) {
        for (int i = 0; i < 100; i++) {
            if ((Boolean) goal.evaluate("goal => goal === document.activeElement")) {
                return;
            }
            page.keyboard().press("Tab");
        }
        throw new AssertionError("cannot be reached with the Tab key: " + goal);
    }
}
