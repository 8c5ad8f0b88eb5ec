package dev.cairn.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java of README.md: it compiles against Cairn and does what is said of it. */
class LibraryTest {
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final String SHIPPED = "examples/stories/stack.yaml";

    @TempDir private Path folder;

    @Test
    void theLinesOfTheReadmeAnswerStreamAndTrace() throws Exception {
        TinyBases.chains(folder.resolve("base"), "#cat", "@dog");
        StackConfig config =
                Stacks.ofStages(
                        folder,
                        """
                        - {name: facts, prompt: "{{input}}#", adapter: none}
                        - {name: answer, prompt: "{{facts}}@", adapter: none}
                        """);
        String source = javaOfReadme();
        assertThat(source.lines()).hasSize(5);
        assertThat(source).contains(SHIPPED);
        String printed = run(source.replace(SHIPPED, config.file().toString()));
        assertThat(printed.lines())
                .containsExactly("dog", "facts said: cat", "answer said: dog", "sure to 100 %");
    }

    private static String javaOfReadme() throws Exception {
        Matcher block = BLOCK.matcher(Files.readString(Path.of("README.md")));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }

    private String run(String body) throws Exception {
        compile(
                """
                import dev.cairn.stack.*;
                import dev.cairn.text.*;
                import java.nio.file.Path;
                public class Example implements Runnable {
                    public void run() {
                %s
                    }
                }
                """
                        .formatted(body));
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (URLClassLoader loader =
                new URLClassLoader(
                        new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            Object example = loader.loadClass("Example").getConstructor().newInstance();
            ((Runnable) example).run();
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    private void compile(String source) {
        JavaFileObject file =
                new SimpleJavaFileObject(
                        URI.create("string:///Example.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignored) {
                        return source;
                    }
                };
        List<String> options =
                List.of("-d", folder.toString(), "-cp", System.getProperty("java.class.path"));
        StringBuilder problems = new StringBuilder();
        boolean done =
                ToolProvider.getSystemJavaCompiler()
                        .getTask(
                                null,
                                null,
                                problem -> problems.append(problem).append('\n'),
                                options,
                                null,
                                List.of(file))
                        .call();
        assertThat(done).as("%s", problems).isTrue();
    }
}
