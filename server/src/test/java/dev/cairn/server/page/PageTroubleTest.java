package dev.cairn.server.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Things take long, go wrong, or are not allowed. */
@ExtendWith(Chromium.class)
@Tag("browser")
final class PageTroubleTest {
    @Test
    void aRunIsStoppedAndTheServerStopsToo(Visit visit) throws InterruptedException {
        ScriptedModel stories = visit.server().stories();
        stories.hold("facts", 2);
        visit.open();
        visit.ask(Visit.QUESTION);
        assertThat(visit.text("facts")).hasText("Paul took");
        visit.button("Stop").click();
        assertThat(visit.state("facts")).hasText("stopped");
        assertThat(visit.state("reasoning")).hasText("not run");
        assertThat(visit.page().locator(".progress").first())
                .hasText(Pattern.compile("stopped after .*"));
        assertThat(visit.button("Stop")).isHidden();
        assertThat(stories.isAbandoned()).isTrue();
    }

    @Test
    void escapeStopsToo(Visit visit) {
        visit.server().stories().hold("focus", 0);
        visit.open();
        visit.ask(Visit.QUESTION);
        assertThat(visit.state("focus")).hasText("reading");
        visit.page().keyboard().press("Escape");
        assertThat(visit.state("focus")).hasText("stopped");
    }

    @Test
    void aFailureIsASentenceWithAWayToTryAgain(Visit visit) {
        visit.expectRefusals();
        Page page = visit.open();
        page.getByLabel("Beside it").selectOption("");
        visit.ask("They break the jar. Where is the jar?");
        assertThat(page.locator(".run .problem"))
                .containsText("The adapter of reasoning cannot be read");
        assertThat(page.locator(".run .problem")).hasAttribute("role", "alert");
        assertThat(visit.text("facts")).hasText("They break the jar.");
        assertThat(visit.state("reasoning")).hasText("failed");
        assertThat(visit.state("answer")).hasText("not run");
        visit.button("Try again").click();
        assertThat(page.locator(".run h2")).hasText("Asked again: stories");
        assertThat(page.locator(".run .problem")).isVisible();
    }

    @Test
    void aServerThatIsBusySaysWhenToComeBack(Visit visit) {
        visit.expectRefusals();
        visit.serve(PageServer.oneAtATime(0));
        visit.server().stories().hold("focus", 0);
        Page page = visit.open();
        page.getByLabel("Beside it").selectOption("");
        visit.ask(Visit.QUESTION);
        assertThat(visit.state("focus")).hasText("reading");

        Page another = visit.another();
        another.getByLabel("Beside it").selectOption("");
        another.getByLabel("Question").fill(Visit.QUESTION);
        another.getByLabel("Question").press("Control+Enter");
        assertThat(another.locator(".run .problem"))
                .containsText(Pattern.compile("Try again in \\d+ s\\."));

        visit.server().stories().release("focus", 0);
        visit.awaitAnswer();
        another.locator(".run .problem button").click();
        assertThat(another.locator(".said")).hasText("park");
    }

    @Test
    void nothingIsAskedBeforeThereIsAModelToAsk(Visit visit) {
        visit.expectRefusals();
        visit.serve(PageServer.withKey("pebbles-and-stones"));
        Page page = visit.open();
        visit.button("Cancel").click();
        page.getByLabel("Question").fill(Visit.QUESTION);
        page.getByLabel("Question").press("Control+Enter");
        assertThat(page.getByLabel("Model").first()).isFocused();
        assertThat(page.locator(".run")).hasCount(0);
    }

    @Test
    void aTraceThatIsGoneIsSaidToBeGone(Visit visit) {
        visit.expectRefusals();
        Page page = visit.open("#/trace/nothing");
        assertThat(page.locator("#ask-problem .problem")).isVisible();
    }

    @Test
    void aServerThatIsGoneIsSaidToBeGone(Visit visit) {
        Page page = visit.open();
        assertThat(page.getByLabel("Beside it")).hasValue("pebble");
        visit.server().close();
        visit.ask(Visit.QUESTION);
        assertThat(page.locator(".run .problem").first())
                .containsText("The server cannot be reached. Is it still running?");
    }

    @Test
    void aKeyIsAskedForAndKeptForThisTabOnly(Visit visit) {
        visit.expectRefusals();
        visit.serve(PageServer.withKey("pebbles-and-stones"));
        Page page = visit.open();
        assertThat(page.locator("#key")).isVisible();
        page.getByLabel("Key").last().fill("wrong");
        page.keyboard().press("Enter");
        assertThat(page.locator("#key-why")).hasText("The server does not know that key.");
        page.getByLabel("Key").last().fill("pebbles-and-stones");
        page.keyboard().press("Enter");
        assertThat(page.locator("#key")).isHidden();
        assertThat(page.locator("#model")).hasValue("stories");
        visit.askAlone(Visit.QUESTION);

        page.reload();
        assertThat(page.locator("#model")).hasValue("stories");
        assertThat(page.locator("#key")).isHidden();
        assertThat(page.evaluate("localStorage.length + document.cookie.length")).isEqualTo(0);
    }

    @Test
    void whoHasNoKeyIsToldSo(Visit visit) {
        visit.expectRefusals();
        visit.serve(PageServer.withKey("pebbles-and-stones"));
        Page page = visit.open();
        visit.button("Cancel").click();
        assertThat(page.locator("#ask-problem .problem")).isVisible();
        visit.button("Try again").first().click();
        assertThat(page.locator("#key")).isVisible();
    }

    @Test
    void thePageMayLoadNothingButItsOwn(Visit visit) {
        Page page = visit.open();
        Response response = page.reload();
        assertThat(response.headerValue("content-security-policy")).contains("default-src 'self'");
        assertThat(
                        page.evaluate(
                                """
                                () => new Promise(resolve => {
                                  addEventListener('securitypolicyviolation', e => resolve(e.blockedURI));
                                  const script = document.createElement('script');
                                  script.textContent = 'window.ran = true';
                                  document.body.append(script);
                                })\
                                """))
                .isEqualTo("inline");
        assertThat(page.evaluate("window.ran === undefined")).isEqualTo(true);
        // What the browser writes about the attempt is what was wanted here.
        visit.forgetComplaints();
    }
}
