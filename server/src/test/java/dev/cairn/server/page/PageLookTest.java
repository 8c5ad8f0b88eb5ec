package dev.cairn.server.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The page as people with other eyes, other hands and other screens find it. */
@ExtendWith(Chromium.class)
@Tag("browser")
final class PageLookTest {
    /** Everything there is on the page at once: two runs, a difference, marks, an open editor. */
    private static void fill(Visit visit) {
        Page page = visit.page();
        assertThat(page.getByLabel("Beside it")).hasValue("pebble");
        visit.ask(Visit.QUESTION);
        visit.awaitAnswer();
        visit.button("Edit facts").click();
        page.getByLabel("New text of facts").fill("Paul took the hat. Olga went to the garden.");
        visit.button("Run what follows").click();
        visit.awaitAnswer();
        Visit.button(visit.answer(), "Right").click();
        Visit.button(visit.stage("facts"), "Wrong").click();
        assertThat(page.locator("#traces .mark")).hasText("✓ right");
        visit.stage("reasoning").getByText("Prompt, ").click();
        page.getByText("Keys").click();
        visit.button("Edit reasoning").click();
        visit.button("Save as training example").click();
        assertThat(page.locator(".saved").first()).containsText("Saved");
    }

    @Test
    void nothingIsWiderThanAPhone(Visit visit) {
        Page page =
                visit.open(
                        new Browser.NewContextOptions()
                                .setViewportSize(360, 740)
                                .setHasTouch(true)
                                .setIsMobile(true));
        fill(visit);
        assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(360);
        visit.button("History").click();
        assertThat(page.locator("#history-title")).isFocused();
        assertThat(page.locator("#traces a").first()).isVisible();
    }

    @Test
    void nothingMovesForThoseWhoAskForThat(Visit visit) {
        visit.server().stories().hold("focus", 0);
        visit.open(new Browser.NewContextOptions().setReducedMotion(ReducedMotion.REDUCE));
        visit.ask(Visit.QUESTION);
        assertThat(visit.state("focus")).hasText("reading");
        assertThat(
                        visit.stage("focus")
                                .evaluate(
                                        "stage => getComputedStyle(stage, '::after').animationName"))
                .isEqualTo("none");
    }

    @Test
    void everyTextCanBeReadInLight(Visit visit) {
        visit.open(new Browser.NewContextOptions().setColorScheme(ColorScheme.LIGHT));
        fill(visit);
        assertThat(tooFaint(visit.page())).isEmpty();
    }

    @Test
    void everyTextCanBeReadInTheDark(Visit visit) {
        Page page = visit.open(new Browser.NewContextOptions().setColorScheme(ColorScheme.DARK));
        fill(visit);
        assertThat(page.evaluate("getComputedStyle(document.body).backgroundColor"))
                .isEqualTo("rgb(21, 24, 28)");
        assertThat(tooFaint(page)).isEmpty();
    }

    /** Texts whose contrast to what lies behind them is below 4.5 to 1, by WCAG's formula. */
    private static List<?> tooFaint(Page page) {
        return (List<?>)
                page.evaluate(
                        """
                        () => {
                          const rgb = color => color.match(/[\\d.]+/g).map(Number);
                          const light = color => {
                            const [r, g, b] = rgb(color).map(c => c / 255)
                                .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
                            return 0.2126 * r + 0.7152 * g + 0.0722 * b;
                          };
                          const behind = element => {
                            for (let e = element; e; e = e.parentElement) {
                              const color = getComputedStyle(e).backgroundColor;
                              if ((rgb(color)[3] ?? 1) > 0) return color;
                            }
                          };
                          return [...document.body.querySelectorAll('*')]
                            .filter(e => e.checkVisibility() && !e.closest('.unseen, .skip')
                                && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
                            .map(e => {
                              const [a, b] = [getComputedStyle(e).color, behind(e)].map(light);
                              const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
                              return [ratio, e];
                            })
                            .filter(([ratio]) => ratio < 4.5)
                            .map(([ratio, e]) => `${ratio.toFixed(2)} ${e.tagName}.${e.className}`);
                        }\
                        """);
    }

    @Test
    void everyControlHasANameAndHeadingsAreInOrder(Visit visit) {
        Page page = visit.open();
        fill(visit);
        Object nameless =
                page.evaluate(
                        """
                        () => [...document.querySelectorAll(
                            'button, a, input, select, textarea, summary, [tabindex="0"]')]
                          .filter(e => e.checkVisibility())
                          .filter(e => !(e.getAttribute('aria-label') || e.labels?.length
                              || /button|a|summary/i.test(e.tagName) && e.textContent.trim()))
                          .map(e => e.outerHTML.slice(0, 80))\
                        """);
        assertThat((List<?>) nameless).isEmpty();
        Object leaps =
                page.evaluate(
                        """
                        () => [...document.querySelectorAll('h1, h2, h3, h4')]
                          .filter(e => e.checkVisibility())
                          .map(e => Number(e.tagName[1]))
                          .filter((level, at, all) => level > (all[at - 1] ?? 0) + 1)\
                        """);
        assertThat((List<?>) leaps).isEmpty();
        assertThat(page.locator("h1")).hasCount(1);
        assertThat(page.locator("main")).hasCount(1);
        assertThat(
                        page.evaluate(
                                """
                                () => [...document.querySelectorAll('[id]')].map(e => e.id)
                                  .filter((id, at, all) => all.indexOf(id) !== at)\
                                """))
                .isEqualTo(List.of());
    }

    @Test
    void whatHasTheFocusIsSeenToHaveIt(Visit visit) {
        Page page = visit.open();
        for (int i = 0; i < 8; i++) {
            page.keyboard().press("Tab");
            assertThat(
                            page.evaluate(
                                    "parseFloat(getComputedStyle(document.activeElement).outlineWidth)"))
                    .isEqualTo(3);
        }
    }
}
