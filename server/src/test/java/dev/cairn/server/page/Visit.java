package dev.cairn.server.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.AriaRole;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;

/**
 * A person's visit to the page of a server of its own. Whatever the visit was for, it fails when
 * the page writes an error to the console, asks another machine for something, or is refused
 * something that the test does not say is to be refused.
 */
final class Visit implements AutoCloseable {
    static final int TIMEOUT_MILLIS = 20_000;
    static final String QUESTION = "Paul took the hat. Olga went to the park. Where is the hat?";

    private static final int WIDTH = 1280;
    private static final int HEIGHT = 900;

    private final Browser browser;
    private final Page firstTab;
    private final List<BrowserContext> contexts = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private boolean mayBeRefused;
    private PageServer server = PageServer.start();
    private Page page;

    private final Consumer<String> onError = complaints::add;
    private final Consumer<ConsoleMessage> onConsole = this::note;
    private final Consumer<Request> onRequest = this::note;
    private final Consumer<Response> onResponse = this::note;

    /**
     * @param firstTab a tab that one visit after the other uses; each sees it empty, because a
     *     server on another port is another origin
     */
    Visit(Page firstTab) {
        this.browser = firstTab.context().browser();
        this.firstTab = firstTab;
        this.page = firstTab;
        firstTab.setViewportSize(WIDTH, HEIGHT);
        watch(firstTab);
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
        Page other = tab(new Browser.NewContextOptions().setViewportSize(WIDTH, HEIGHT));
        other.navigate(server.address());
        return other;
    }

    private Page tab(Browser.NewContextOptions options) {
        BrowserContext context = browser.newContext(options);
        contexts.add(context);
        context.setDefaultTimeout(TIMEOUT_MILLIS);
        Page tab = context.newPage();
        watch(tab);
        return tab;
    }

    private void watch(Page tab) {
        tab.onPageError(onError);
        tab.onConsoleMessage(onConsole);
        tab.onRequest(onRequest);
        tab.onResponse(onResponse);
    }

    private void unwatch(Page tab) {
        tab.offPageError(onError);
        tab.offConsoleMessage(onConsole);
        tab.offRequest(onRequest);
        tab.offResponse(onResponse);
    }

    private void note(ConsoleMessage message) {
        if (message.type().matches("error|warning")
                && !message.text().startsWith("Failed to load resource")) {
            complaints.add(message.text());
        }
    }

    private void note(Request request) {
        if (!request.url().startsWith(server.address())) {
            complaints.add("asked for " + request.url());
        }
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
        // What the browser has to say of the visit so far comes before the value.
        firstTab.evaluate("1");
        unwatch(firstTab);
        firstTab.navigate("about:blank");
        firstTab.context().clearPermissions();
        server.close();
        Assertions.assertThat(complaints).as("complaints of the browser").isEmpty();
        if (!mayBeRefused) {
            Assertions.assertThat(refused).as("what the server refused").isEmpty();
        }
    }
}
