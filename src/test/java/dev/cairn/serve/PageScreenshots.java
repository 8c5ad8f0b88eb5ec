package dev.cairn.serve;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Takes the pictures of {@code docs/page.md} from a server that runs already. Not a test: it is run
 * by name, with the properties {@code cairn.page} (an address), {@code cairn.page.question}, and
 * {@code cairn.page.stage} with {@code cairn.page.text}, what that stage should have said.
 */
@EnabledIfSystemProperty(named = "cairn.page", matches = "http.+")
final class PageScreenshots {
    private static final double PATIENCE_MILLIS = 120_000;

    @Test
    void takesThePictures() {
        try (Chromium.Running running = Chromium.Running.start()) {
            take(running.browser(), ColorScheme.LIGHT, false, "page-light.png");
            take(running.browser(), ColorScheme.DARK, true, "page-dark.png");
        }
    }

    private static void take(Browser browser, ColorScheme scheme, boolean edited, String file) {
        Page page =
                browser.newPage(
                        new Browser.NewPageOptions()
                                .setViewportSize(1280, 900)
                                .setColorScheme(scheme));
        page.navigate(System.getProperty("cairn.page"));
        assertThat(page.getByLabel("Model").first()).not().hasValue("");
        page.getByLabel("Question").fill(System.getProperty("cairn.page.question"));
        page.getByLabel("Question").press("Control+Enter");
        awaitAnswer(page);
        if (edited) {
            edit(page);
        }
        page.locator("h1").click();
        page.evaluate("scrollTo(0, 0)");
        page.screenshot(
                new Page.ScreenshotOptions()
                        .setPath(Path.of("docs", "images", file))
                        .setFullPage(true));
        page.close();
    }

    private static void edit(Page page) {
        String stage = System.getProperty("cairn.page.stage");
        page.getByLabel("Edit " + stage).first().click();
        page.getByLabel("New text of " + stage).fill(System.getProperty("cairn.page.text"));
        page.getByLabel("New text of " + stage).press("Control+Enter");
        awaitAnswer(page);
        page.locator(".answer .mark.right").first().click();
        assertThat(page.locator("#traces .mark.right").first()).isVisible();
    }

    private static void awaitAnswer(Page page) {
        assertThat(page.locator(".progress").first())
                .hasText(
                        Pattern.compile("took .*"),
                        new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE_MILLIS));
        assertThat(page.locator("#stop"))
                .isHidden(new LocatorAssertions.IsHiddenOptions().setTimeout(PATIENCE_MILLIS));
    }
}
