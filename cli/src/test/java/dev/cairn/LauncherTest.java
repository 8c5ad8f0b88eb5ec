package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cairn.Shell.Run;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The launcher and its tools, run as a user runs them: in a copy of the project's front door, with
 * JDKs and a Maven that are small scripts, and once with the real Java.
 */
@Tag("process")
class LauncherTest {
    /** Warns as Java does, takes stderr back as Cairn does, and says how it was called. */
    private static final String JAVA =
            """
            #!/bin/sh
            echo "WARNING: Using incubator modules: jdk.incubator.vector" >&2
            exec 2>&3 3>&-
            echo "to stderr" >&2
            echo "$PWD"
            for word in "$@"; do echo "$word"; done
            exit 7
            """;

    /** Builds as Maven would, slowly enough for two builds to meet. */
    private static final String MAVEN =
            """
            #!/bin/sh
            echo "$JAVA_HOME $*" >>mvn.log
            sleep 0.3
            mkdir -p target && echo lib/a.jar:lib/b.jar >target/classpath
            """;

    /** Makes a jar of whatever it is given. */
    private static final String JAR = "#!/bin/sh\necho \"$*\" >\"$3\"\n";

    /** What the scripts may use; flock or perl, whichever there is. */
    private static final String PROGRAMS =
            "bash sh sed head dirname readlink find mkdir touch cat cp mv rm grep sleep flock perl";

    @TempDir Path temp;
    private Shell shell;
    private Path project;
    private Path homes;

    @BeforeEach
    void copyTheFrontDoor() throws IOException {
        temp = temp.toRealPath();
        project = temp.resolve("a project");
        homes = Files.createDirectories(temp.resolve("homes"));
        copy(project, "cairn", "tools/find-jdk", "tools/jvm-flags", "tools/record-start");
        copy(project, "tools/mvn", "tools/build");
        Files.writeString(project.resolve("pom.xml"), "<project/>");
        for (String module : List.of("core", "server", "cli")) {
            Path sources = Files.createDirectories(project.resolve(module + "/src/main/java"));
            Files.writeString(sources.resolve("A.java"), "class A {}");
            Files.writeString(project.resolve(module + "/pom.xml"), "<project/>");
        }
        shell = new Shell(temp, PROGRAMS.split(" ", -1));
        shell.set("CAIRN_JVM_DIRS", homes.toString());
    }

    private static void copy(Path root, String... names) throws IOException {
        for (String name : names) {
            Path copy = root.resolve(name);
            Files.createDirectories(copy.getParent());
            Shell.script(copy, Files.readString(Path.of(name)));
        }
    }

    @Test
    void whatWasAskedForComesFirst() throws IOException {
        shell.set("CAIRN_JAVA_HOME", jdk("asked", "26.0.1"));
        shell.set("JAVA_HOME", jdk("homes/set", "25.0.1"));
        assertThat(findJdk()).isEqualTo(found("asked"));
    }

    @Test
    void javaHomeComesBeforeThePath() throws IOException {
        shell.set("JAVA_HOME", jdk("set", "25.0.1"));
        putOnPath(jdk("on-path", "25.0.2"));
        assertThat(findJdk()).isEqualTo(found("set"));
    }

    @Test
    void anOldJavaHomeIsPassedOverForTheOneOnThePath() throws IOException {
        shell.set("JAVA_HOME", jdk("set", "17.0.9"));
        putOnPath(jdk("on-path", "25.0.2"));
        jdk("homes/usual", "25");
        assertThat(findJdk()).isEqualTo(found("on-path"));
    }

    @Test
    void aJavaOnThePathThatIsNoLinkIsAskedForItsHome() throws IOException {
        String home = jdk("hidden", "25.0.2");
        Shell.script(
                shell.program("java"),
                "#!/bin/sh\necho '    java.home = %s' >&2\n".formatted(home));
        assertThat(findJdk()).isEqualTo(found("hidden"));
    }

    @Test
    void ofTheUsualFoldersTheOldestThatSufficesIsTaken() throws IOException {
        putOnPath(jdk("on-path", "17.0.9"));
        jdk("homes/a", "1.8.0_292");
        jdk("homes/b", "27-ea");
        jdk("homes/c/Contents/Home", "25.0.3");
        jdk("homes/d", "26");
        assertThat(findJdk()).isEqualTo(found("homes/c/Contents/Home"));
    }

    @Test
    void ofOneMajorVersionTheNewestUpdateIsTaken() throws IOException {
        jdk("homes/a", "25");
        jdk("homes/b", "25.0.10.1");
        jdk("homes/c", "25.0.3");
        jdk("homes/d", "26.0.11");
        assertThat(findJdk()).isEqualTo(found("homes/b"));
    }

    @Test
    void aHomeWithoutReleaseFileIsAskedForItsVersion() throws IOException {
        Path home = Path.of(jdk("homes/plain", "25"));
        Files.delete(home.resolve("release"));
        Shell.script(
                home.resolve("bin/java"),
                "#!/bin/sh\necho 'openjdk version \"26.0.1\" 2026-04-21' >&2\n");
        assertThat(findJdk()).isEqualTo(found("homes/plain"));
    }

    @Test
    void whatWasAskedForButDoesNotDoIsAnErrorThoughAnotherWould() throws IOException {
        jdk("homes/good", "25");
        shell.set("CAIRN_JAVA_HOME", jdk("asked", "17.0.9"));
        Run run = findJdk();
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .isEqualTo(
                        "cairn: CAIRN_JAVA_HOME=%s is Java 17.0.9; point it at a JDK 25 or newer, or unset it\n"
                                .formatted(temp.resolve("asked")));
    }

    @Test
    void withoutAJdkTheMessageSaysWhatWasFoundAndWhatToInstall() throws IOException {
        shell.set("JAVA_HOME", jdk("set", "21.0.2"));
        Path jre = Path.of(jdk("homes/jre", "25.0.3"));
        Files.delete(jre.resolve("bin/javac"));
        Run run = findJdk();
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("cairn: no JDK 25 or newer found.\n")
                .contains(temp.resolve("set") + " is Java 21.0.2\n")
                .contains(jre + " is Java 25.0.3 without the compiler (a JRE, not a JDK)\n")
                .contains(homes.toString())
                .contains("https://adoptium.net", "openjdk-25-jdk", "CAIRN_JAVA_HOME");
        assertThat(run(temp, project.resolve("cairn")).err()).isEqualTo(run.err());
    }

    /** What the JVM would warn about if it were told to use them all the same. */
    private static boolean hasLargePages() {
        try {
            Path file = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
            return Files.exists(file) && !Files.readString(file).contains("[never]");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theLauncherBuildsOnFirstUseAndAgainOnlyWhenASourceIsNewer() throws IOException {
        String home = jdk("homes/good", "25");
        Shell.script(shell.program("mvn"), MAVEN);
        Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));

        Run first = run(elsewhere, project.resolve("cairn"), "run", "a b", "*");
        assertThat(first.status()).isEqualTo(7);
        assertThat(first.out())
                .startsWith(elsewhere + "\n")
                .contains("--add-modules\njdk.incubator.vector\n")
                .matches(out -> out.contains("-XX:+UseTransparentHugePages\n") == hasLargePages())
                .contains(
                        "-cp\n%1$s/target/launch/cairn.jar:%1$s/target/lib/a.jar:%1$s/target/lib/b.jar\n"
                                .formatted(project.toRealPath()))
                .endsWith("dev.cairn.cli.Cairn\nrun\na b\n*\n");
        assertThat(first.err()).contains("cairn: building").endsWith("to stderr\n");
        assertThat(first.err()).doesNotContain("incubator");
        assertThat(builds()).containsExactly(home + " -q -B -Dmaven.test.skip=true package");

        assertThat(run(elsewhere, project.resolve("cairn")).err()).isEqualTo("to stderr\n");
        assertThat(builds()).hasSize(1);

        Path source = project.resolve("core/src/main/java/A.java");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(1)));
        assertThat(run(elsewhere, project.resolve("cairn")).err()).contains("cairn: building");
        assertThat(builds()).hasSize(2);
    }

    /** This Java records nothing, so there is nothing to go on with and no second try. */
    @Test
    void aStartThatCannotBeRecordedIsTriedOncePerBuildAndJdk() throws IOException {
        String home = jdk("homes/good", "25");
        Shell.script(shell.program("mvn"), MAVEN);
        Path recorded = project.resolve("target/launch/cairn.aot");
        assertThat(run(temp, project.resolve("cairn")).out()).doesNotContain("-XX:AOTCache=");
        assertThat(recorded).isEmptyFile();
        Files.delete(project.resolve("target/launch/aot.log"));
        run(temp, project.resolve("cairn"));
        assertThat(project.resolve("target/launch/aot.log")).doesNotExist();

        Path release = Path.of(home, "release");
        Files.setLastModifiedTime(release, FileTime.from(Instant.now().plusSeconds(1)));
        run(temp, project.resolve("cairn"));
        assertThat(project.resolve("target/launch/aot.log")).exists();
    }

    @Test
    void whatAStartRecordedIsUsedUntilTheJarOrTheJdkChanges() throws IOException {
        jdk("homes/good", "25");
        Shell.script(shell.program("mvn"), MAVEN);
        run(temp, project.resolve("cairn"));
        Path recorded = project.resolve("target/launch/cairn.aot");
        Files.writeString(recorded, "recorded");
        assertThat(run(temp, project.resolve("cairn")).out())
                .contains("\n-XX:AOTCache=" + recorded + "\n");

        shell.set("CAIRN_JAVA_HOME", jdk("other", "25.0.2"));
        assertThat(run(temp, project.resolve("cairn")).out()).doesNotContain("-XX:AOTCache=");
    }

    @Test
    void theLauncherWorksThroughALinkAndPassesMoreFlags() throws IOException {
        jdk("homes/good", "25");
        Shell.script(shell.program("mvn"), MAVEN);
        Path link = Files.createSymbolicLink(temp.resolve("link"), Path.of("a project/cairn"));
        shell.set("CAIRN_JAVA_OPTS", "-Xmx1g -Dx=y");
        Run run = run(temp, link, "--version");
        assertThat(run.out()).contains("\n-Xmx1g\n-Dx=y\n-cp\n" + project + "/target/launch/");
    }

    /** In a release there is nothing to build: lib holds the class path. */
    @Test
    void aReleaseStartsWhatIsInLib() throws IOException {
        Path release = release();
        Run first = run(temp, release.resolve("cairn"), "run", "a b");
        assertThat(first.status()).isEqualTo(7);
        assertThat(first.err()).startsWith("cairn: recording a start").endsWith("to stderr\n");
        assertThat(first.out())
                .contains("\n-XX:AOTMode=auto\n")
                .contains("\n-cp\n%1$s/lib/a-1.jar:%1$s/lib/b-2.jar\n".formatted(release))
                .endsWith("dev.cairn.cli.Cairn\nrun\na b\n");

        Path recorded = release.resolve("launch/cairn.aot");
        assertThat(recorded).isEmptyFile();
        Files.writeString(recorded, "recorded");
        Run second = run(temp, release.resolve("cairn"));
        assertThat(second.err()).isEqualTo("to stderr\n");
        assertThat(second.out()).contains("\n-XX:AOTCache=" + recorded + "\n");
    }

    @Test
    void aReleaseInAFolderThatCannotBeWrittenStartsWithoutARecord() throws IOException {
        Path release = release();
        Files.createFile(release.resolve("launch"));
        Run run = run(temp, release.resolve("cairn"));
        assertThat(run.status()).isEqualTo(7);
        assertThat(run.err()).isEqualTo("to stderr\n");
        assertThat(run.out()).contains("\n-XX:AOTMode=auto\n");
    }

    private Path release() throws IOException {
        jdk("homes/good", "25");
        Path release = temp.resolve("a release");
        copy(release, "cairn", "tools/find-jdk", "tools/jvm-flags", "tools/record-start");
        Path lib = Files.createDirectories(release.resolve("lib"));
        Files.createFile(lib.resolve("b-2.jar"));
        Files.createFile(lib.resolve("a-1.jar"));
        return release;
    }

    @ParameterizedTest
    @CsvSource({"flock, perl", "perl, flock"})
    void twoFirstUsesAtOnceBuildOnce(String locker, String other) throws IOException {
        assumeTrue(Files.exists(shell.program(locker)), locker + " is not installed");
        Files.deleteIfExists(shell.program(other));
        jdk("homes/good", "25");
        Shell.script(shell.program("mvn"), MAVEN);
        List<Process> uses = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Path out = shell.output("out" + i);
            Path err = shell.output("err" + i);
            uses.add(shell.start(temp, out, err, project.resolve("cairn")));
        }
        assertThat(uses).extracting(Shell::statusOf).containsExactly(7, 7);
        assertThat(builds()).hasSize(1);
    }

    @Test
    void aFailedBuildShowsWhatMavenSaidAndIsTriedAgain() throws IOException {
        jdk("homes/good", "25");
        Shell.script(shell.program("mvn"), "#!/bin/sh\necho '[ERROR] no such symbol'\nexit 1\n");
        for (int attempt = 0; attempt < 2; attempt++) {
            Run run = run(temp, project.resolve("cairn"));
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.out()).isEmpty();
            assertThat(run.err()).contains("[ERROR] no such symbol\ncairn: the build failed");
        }
    }

    @Test
    void withoutMavenTheMessageSaysWhatToInstall() throws IOException {
        jdk("homes/good", "25");
        Run run = run(temp, project.resolve("cairn"));
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("mvn is not on the PATH", "apt install maven");
    }

    @Test
    void theRealJavaStartsWithoutAWarningAndItsStderrIsTheUsers() throws IOException {
        shell.set("CAIRN_JAVA_HOME", System.getProperty("java.home"));
        Shell.script(
                shell.program("mvn"),
                """
                #!/bin/sh
                for module in core server cli; do
                    mkdir -p $module/target/classes/dev $module/target/classes/META-INF
                    echo --add-modules >$module/target/classes/META-INF/jpms.args
                done
                mkdir -p target/lib
                cp classes.jar target/lib && echo lib/classes.jar >target/classpath
                """);
        writeJarThatPointsAtTheClassesUnderTest(project.resolve("classes.jar"));
        Run build = run(temp, project.resolve("cairn"), "--version");
        assertThat(build.out()).startsWith("cairn ").contains("Java ");
        Run mistake = run(temp, project.resolve("cairn"), "trian");
        assertThat(mistake)
                .isEqualTo(
                        new Run(
                                2,
                                "",
                                "cairn: unknown verb 'trian'; did you mean train?; try cairn --help\n"));
    }

    private Run findJdk() throws IOException {
        return run(temp, project.resolve("tools/find-jdk"));
    }

    private Run found(String home) {
        return new Run(0, temp.resolve(home) + "\n", "");
    }

    private List<String> builds() throws IOException {
        return Files.readAllLines(project.resolve("mvn.log"));
    }

    private Run run(Path folder, Path script, String... args) throws IOException {
        return shell.run(folder, script, args);
    }

    /** A folder that looks like a JDK of that version. */
    private String jdk(String name, String version) throws IOException {
        Path home = temp.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Shell.script(home.resolve("bin/java"), JAVA);
        Shell.script(home.resolve("bin/javac"), JAVA);
        Shell.script(home.resolve("bin/jar"), JAR);
        Files.writeString(
                home.resolve("release"),
                "IMPLEMENTOR=\"Somebody\"\nJAVA_VERSION=\"%s\"\n".formatted(version));
        return home.toString();
    }

    private void putOnPath(String home) throws IOException {
        Path between = Files.createSymbolicLink(temp.resolve("java"), Path.of(home, "bin/java"));
        Files.createSymbolicLink(
                shell.program("java"), Path.of("..").resolve(between.getFileName()));
    }

    private static void writeJarThatPointsAtTheClassesUnderTest(Path jar) throws IOException {
        StringBuilder classPath = new StringBuilder();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            classPath.append(Path.of(entry).toUri()).append(' ');
        }
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath.toString());
        try (OutputStream out = Files.newOutputStream(jar)) {
            new JarOutputStream(out, manifest).close();
        }
    }
}
