package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles and runs the Java of a document. */
public final class JavaExample {
    private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private JavaExample() {}

    /** The first block of Java in a document. */
    public static String first(Path document) throws IOException {
        return firstIn(Files.readString(document));
    }

    /** The first block of Java below a heading. */
    public static String below(Path document, String heading) throws IOException {
        String text = Files.readString(document);
        int start = text.indexOf("\n" + heading + "\n");
        assertThat(start).as(heading).isNotNegative();
        return firstIn(text.substring(start));
    }

    private static String firstIn(String markdown) {
        Matcher block = BLOCK.matcher(markdown);
        assertThat(block.find()).isTrue();
        return block.group(1);
    }

    /**
     * Runs statements, and returns what they print.
     *
     * @param folder for the compiled class
     * @param imports such as {@code dev.cairn.stack.*}
     */
    public static String run(Path folder, List<String> imports, String statements)
            throws ReflectiveOperationException, IOException {
        compile(folder, source(imports, statements));
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (URLClassLoader loader =
                new URLClassLoader(
                        new URL[] {folder.toUri().toURL()}, JavaExample.class.getClassLoader())) {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            loader.loadClass("Example").getMethod("run").invoke(null);
        } finally {
            System.setOut(before);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static String source(List<String> imports, String statements) {
        return Stream.concat(imports.stream(), Stream.of("java.nio.file.Path"))
                        .map("import %s;\n"::formatted)
                        .collect(Collectors.joining())
                + "public class Example {\n    public static void run() throws Exception {\n"
                + statements
                + "    }\n}\n";
    }

    private static void compile(Path folder, String source) {
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
