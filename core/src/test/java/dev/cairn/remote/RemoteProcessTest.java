package dev.cairn.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A process that asks: what it takes from its environment, what it says, and that it ends. */
@Tag("process")
class RemoteProcessTest {
    /** Asks the address in the first argument one question and prints the answer. */
    static final class Main {
        private Main() {}

        public static void main(String[] args) {
            try (RemoteModel model = RemoteModel.open(Remotes.settings(URI.create(args[0])))) {
                System.out.print(model.asking(1).answer("q").text());
            }
        }
    }

    @Test
    void theLibrarysVariablesAreNotReadNothingIsLoggedAndTheProcessEnds()
            throws IOException, InterruptedException {
        try (FakeTeacher teacher = FakeTeacher.start(FakeTeacher.says("an answer"))) {
            ProcessBuilder child =
                    new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                            "-Dopenai.apiKey=" + Remotes.KEY,
                            "-cp",
                            System.getProperty("java.class.path"),
                            Main.class.getName(),
                            teacher.baseUrl().toString());
            child.environment()
                    .putAll(
                            Map.of(
                                    "OPENAI_API_KEY", Remotes.KEY,
                                    "OPENAI_ADMIN_KEY", Remotes.KEY,
                                    "OPENAI_BASE_URL", "http://localhost:9/v1",
                                    "OPENAI_ORG_ID", "org-of-somebody",
                                    "OPENAI_PROJECT_ID", "project-of-somebody",
                                    "OPENAI_CUSTOM_HEADERS", "X-Custom: yes",
                                    "OPENAI_LOG", "debug"));
            Process process = child.start();
            process.getOutputStream().close();
            String out = text(process.getInputStream().readAllBytes());
            String err = text(process.getErrorStream().readAllBytes());
            // Far more than it takes: reached only by a process that hangs.
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(out).isEqualTo("an answer");
            assertThat(err).isEmpty();
            assertThat(teacher.requests()).hasSize(1);
            assertThat(teacher.requests().getFirst().headers())
                    .doesNotContainKeys(
                            "Authorization", "OpenAI-Organization", "OpenAI-Project", "X-Custom");
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
