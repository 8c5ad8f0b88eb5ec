package dev.cairn.server.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
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
        byte[] taken = page.screenshot(new Page.ScreenshotOptions().setFullPage(true));
        page.close();
        write(taken, Path.of("docs", "images", file));
    }

    /** With the 256 most frequent colours, which makes the file half of what it was. */
    private static void write(byte[] png, Path file) {
        try {
            BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
            Files.createDirectories(file.toAbsolutePath().getParent());
            ImageIO.write(indexed(image), "png", file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every pixel in the nearest colour of the palette; drawing would mix them in a raster. */
    private static BufferedImage indexed(BufferedImage image) {
        int width = image.getWidth();
        int[] pixels = image.getRGB(0, 0, width, image.getHeight(), null, 0, width);
        int[] colours = frequent(pixels);
        IndexColorModel palette =
                new IndexColorModel(8, colours.length, colours, 0, false, -1, DataBuffer.TYPE_BYTE);
        BufferedImage indexed =
                new BufferedImage(
                        width, image.getHeight(), BufferedImage.TYPE_BYTE_INDEXED, palette);
        Map<Integer, Integer> indices = new HashMap<>();
        for (int i = 0; i < pixels.length; i++) {
            int index = indices.computeIfAbsent(pixels[i], colour -> nearest(colour, colours));
            indexed.getRaster().setSample(i % width, i / width, 0, index);
        }
        return indexed;
    }

    private static int[] frequent(int[] pixels) {
        return IntStream.of(pixels)
                .boxed()
                .collect(Collectors.groupingBy(colour -> colour, Collectors.counting()))
                .entrySet()
                .stream()
                .sorted(Map.Entry.<Integer, Long>comparingByValue().reversed())
                .limit(256)
                .mapToInt(Map.Entry::getKey)
                .toArray();
    }

    private static int nearest(int colour, int[] colours) {
        return IntStream.range(0, colours.length)
                .boxed()
                .min(Comparator.comparingInt(index -> distance(colour, colours[index])))
                .orElseThrow();
    }

    private static int distance(int a, int b) {
        return IntStream.of(0, 8, 16)
                .map(shift -> (a >> shift & 0xff) - (b >> shift & 0xff))
                .map(difference -> difference * difference)
                .sum();
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
