package dev.cairn.server.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A person goes back to what was asked before. */
@ExtendWith(Chromium.class)
@Tag("browser")
final class PageHistoryTest {
    @Test
    void whatWasAskedIsFoundByItsWordsItsModelAndItsMark(Visit visit) {
        visit.server().keep("stories", "Where is the bridge?", "river");
        visit.server().keep("pebble", "Where is the moon?", "sky");
        Page page = visit.open();
        Locator asked = page.locator("#traces .asked");
        assertThat(asked).hasText(new String[] {"Where is the moon?", "Where is the bridge?"});

        page.getByLabel("Search").fill("bridge");
        assertThat(asked).hasText(new String[] {"Where is the bridge?"});
        page.getByLabel("Search").fill("xylophone");
        assertThat(page.locator("#history-note")).hasText("Nothing found.");
        page.getByLabel("Search").fill("");
        page.locator("#filter-model").selectOption("pebble");
        assertThat(asked).hasText(new String[] {"Where is the moon?"});
        page.locator("#filter-model").selectOption("");
        page.locator("#filter-mark").selectOption("right");
        assertThat(asked).hasCount(0);

        page.locator("#filter-mark").selectOption("");
        asked.nth(1).click();
        Visit.button(visit.answer(), "Right").click();
        assertThat(page.locator("#traces .mark")).hasText("✓ right");
        page.locator("#filter-mark").selectOption("right");
        assertThat(asked).hasText(new String[] {"Where is the bridge?"});
    }

    @Test
    void anAddressLeadsToATrace(Visit visit) {
        Page page = visit.open();
        visit.askAlone(Visit.QUESTION);
        assertThat(page).hasURL(Pattern.compile(".*#/trace/.+"));
        String address = page.url();
        visit.askAlone("Mary took the apple. Where is the apple?");
        page.navigate(visit.server().address());
        assertThat(page.locator("#result")).isHidden();

        page.navigate(address);
        page.reload();
        assertThat(page.locator("#question")).hasValue(Visit.QUESTION);
        assertThat(visit.text("reasoning")).hasText("It is now in the park.");
        assertThat(visit.text("facts").locator(".token").nth(1)).hasAttribute("title", "50 %");
        assertThat(visit.answer().locator(".said")).hasText("park");
        assertThat(page.locator("#traces a[aria-current=true] .got")).hasText("park");
        assertThat(visit.button("Edit facts")).isVisible();
    }

    @Test
    void theBrowsersWayBackLeadsToTheRunBefore(Visit visit) {
        Page page = visit.open();
        visit.askAlone(Visit.QUESTION);
        visit.askAlone("Mary took the apple. Where is the apple?");
        assertThat(visit.answer().locator(".said")).hasText("apple");
        page.goBack();
        assertThat(visit.answer().locator(".said")).hasText("park");
    }

    @Test
    void aTraceIsDeletedAtTheSecondPress(Visit visit) {
        Page page = visit.open();
        visit.askAlone(Visit.QUESTION);
        Locator delete = page.locator("#traces .delete");
        delete.click();
        assertThat(delete).hasText("Really delete?");
        assertThat(page.locator("#traces li")).hasCount(1);
        delete.click();
        assertThat(page.locator("#traces li")).hasCount(0);
        assertThat(page.locator("#result")).isHidden();
        page.reload();
        assertThat(page.locator("#history-note")).hasText("Nothing was asked yet.");
    }

    @Test
    void olderTracesAreLoadedWhenAskedFor(Visit visit) {
        for (int i = 1; i <= 30; i++) {
            visit.server().keep("stories", "question " + i, "answer");
        }
        Page page = visit.open();
        assertThat(page.locator("#traces li")).hasCount(25);
        visit.button("Show more").click();
        assertThat(page.locator("#traces li")).hasCount(30);
        assertThat(page.locator("#traces .asked").last()).hasText("question 1");
        assertThat(visit.button("Show more")).isHidden();
    }

    @Test
    void withoutTracesThePageSaysWhyThereIsNoHistory(Visit visit) {
        visit.serve(PageServer.withoutTraces());
        Page page = visit.open();
        assertThat(page.locator("#history-note")).containsText("keeps no traces");
        visit.askAlone(Visit.QUESTION);
        assertThat(visit.answer().locator(".said")).hasText("park");
        assertThat(page.locator(".marks")).hasCount(0);
        assertThat(visit.button("Edit facts")).isVisible();
    }
}
