package dev.cairn.server.page;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives every test a {@link Visit} to the page, in the browser that is installed. All tests of the
 * JVM share one browser and its first tab; where none is installed they are skipped.
 */
final class Chromium implements ExecutionCondition, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(Chromium.class);
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return installed()
                .map(file -> ConditionEvaluationResult.enabled(file + " drives the page"))
                .orElseGet(() ->
                        ConditionEvaluationResult.disabled(
                                "no browser: none of "
                                        + NAMES
                                        + " is on the PATH; install chromium, or name its program"
                                        + " in CAIRN_CHROMIUM"));
    }

    /** The program of a browser that can be driven. */
    static Optional<Path> installed() {
        String named = System.getenv("CAIRN_CHROMIUM");
        if (named != null) {
            return Optional.of(Path.of(named));
        }
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return NAMES.stream()
                .flatMap(name ->
                        Stream.of(path.split(File.pathSeparator)).map(d -> Path.of(d, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Visit.class;
    }

    @Override
    public Visit resolveParameter(ParameterContext parameter, ExtensionContext context) {
        // Surefire runs every class by itself: each has a root of its own, and only the session is
        // that of the JVM.
        Running running =
                context.getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE)
                        .computeIfAbsent(Running.class, key -> Running.start(), Running.class);
        Visit visit = new Visit(running.tab());
        // Closed after the test, which then fails when something was wrong on the way.
        context.getStore(NAMESPACE).put(Visit.class, visit);
        return visit;
    }

    /** A browser with a tab, and the driver it is driven with. */
    record Running(Playwright playwright, Browser browser, Page tab) implements AutoCloseable {
        static Running start() {
            // The driver unpacks itself; whatever becomes of this JVM, `make clean` finds it there.
            Path unpacked = Path.of("target", "playwright").toAbsolutePath();
            try {
                Files.createDirectories(unpacked);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            System.setProperty("playwright.driver.tmpdir", unpacked.toString());
            // Generous, for a machine that has other things to do.
            PlaywrightAssertions.setDefaultAssertionTimeout(20_000);
            Playwright playwright =
                    Playwright.create(
                            new Playwright.CreateOptions()
                                    .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
            Browser browser = launch(playwright);
            BrowserContext context = browser.newContext();
            context.setDefaultTimeout(Visit.TIMEOUT_MILLIS);
            return new Running(playwright, browser, context.newPage());
        }

        private static Browser launch(Playwright playwright) {
            List<String> arguments =
                    List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-dev-shm-usage",
                            "--disable-background-networking",
                            "--disable-component-update");
            return playwright
                    .chromium()
                    .launch(
                            new BrowserType.LaunchOptions()
                                    .setExecutablePath(installed().orElseThrow())
                                    .setHeadless(true)
                                    .setArgs(arguments));
        }

        @Override
        public void close() {
            browser.close();
            playwright.close();
        }
    }
}
