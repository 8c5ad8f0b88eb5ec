package dev.cairn.server.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.AriaRole;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;

/**
 * A person's visit to the page of a server of its own. Whatever the visit was for, it fails when
 * the page writes an error to the console, asks another machine for something, or is refused
 * something that the test does not say is to be refused.
 */
final class Visit implements AutoCloseable {
    static final String QUESTION = "Paul took the hat. Olga went to the park. Where is the hat?";

    private final Browser browser;
    private final List<BrowserContext> contexts = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private boolean mayBeRefused;
    private PageServer server = PageServer.start();
    private Page page;

    private Visit(Browser browser) {
        this.browser = browser;
        this.page = tab(new Browser.NewContextOptions().setViewportSize(1280, 900));
    }

    static Visit begin(Browser browser) {
        return new Visit(browser);
    }

    PageServer server() {
        return server;
    }

    Page page() {
        return page;
    }

    /** Goes to another server. */
    void serve(PageServer other) {
        server.close();
        server = other;
    }

    /** Says that the server will refuse something. */
    void expectRefusals() {
        mayBeRefused = true;
    }

    /** Takes back what the browser complained of so far, because it had to. */
    void forgetComplaints() {
        complaints.clear();
    }

    /** Opens the page. */
    Page open() {
        return open("");
    }

    /** Opens the page at an address such as {@code #/trace/1}. */
    Page open(String where) {
        page.navigate(server.address() + where);
        return page;
    }

    /** Opens the page in another way, such as on a phone. */
    Page open(Browser.NewContextOptions options) {
        page = tab(options);
        return open();
    }

    /** The page once more, in a window beside the first. */
    Page another() {
        Page other = tab(new Browser.NewContextOptions().setViewportSize(1280, 900));
        other.navigate(server.address());
        return other;
    }

    private Page tab(Browser.NewContextOptions options) {
        BrowserContext context = browser.newContext(options);
        contexts.add(context);
        context.setDefaultTimeout(20_000);
        Page tab = context.newPage();
        tab.onPageError(complaints::add);
        tab.onConsoleMessage(message -> {
            if (message.type().matches("error|warning")
                    && !message.text().startsWith("Failed to load resource")) {
                complaints.add(message.text());
            }
        });
        tab.onRequest(request -> {
            if (!request.url().startsWith(server.address())) {
                complaints.add("asked for " + request.url());
            }
        });
        tab.onResponse(this::note);
        return tab;
    }

    private void note(Response response) {
        if (response.status() >= 400) {
            refused.add(response.status() + " " + response.url());
        }
    }

    /** Types a question and sends it. */
    void ask(String question) {
        assertThat(page.locator("#model")).not().hasValue("");
        page.getByLabel("Question").fill(question);
        page.getByLabel("Question").press("Control+Enter");
    }

    /** Asks and waits for the answer, with nothing beside it. */
    void askAlone(String question) {
        page.getByLabel("Beside it").selectOption("");
        ask(question);
        awaitAnswer();
    }

    void awaitAnswer() {
        assertThat(page.locator(".progress").first()).hasText(Pattern.compile("took .*"));
        assertThat(page.locator("#stop")).isHidden();
    }

    /** A stage of the model that was asked. */
    Locator stage(String name) {
        Locator heading =
                page.getByRole(
                        AriaRole.HEADING,
                        new Page.GetByRoleOptions().setName(name).setExact(true).setLevel(3));
        return page.locator(".run")
                .first()
                .locator(".stage")
                .filter(new Locator.FilterOptions().setHas(heading));
    }

    Locator text(String stage) {
        return stage(stage).locator(".text");
    }

    Locator state(String stage) {
        return stage(stage).locator(".state");
    }

    Locator answer() {
        return page.locator(".answer").first();
    }

    /** A button by the words that a screen reader says. */
    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /** A button within a part of the page. */
    static Locator button(Locator within, String name) {
        return within.getByRole(
                AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    @Override
    public void close() {
        contexts.forEach(BrowserContext::close);
        server.close();
        Assertions.assertThat(complaints).as("complaints of the browser").isEmpty();
        if (!mayBeRefused) {
            Assertions.assertThat(refused).as("what the server refused").isEmpty();
        }
    }
}
