package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.Shell.Run;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The archive that {@code make dist} makes, unpacked and used as its user does: in a folder with a
 * space in its name, without Maven, and with a JDK alone. Runs in the profile {@code dist}, which
 * says where the archive is.
 */
@Tag("process")
class DistributionIT {
    private static final Path ZIP = Path.of(System.getProperty("cairn.zip", "missing"));

    private static final String RECORDING =
            "cairn: recording a start, so that later ones are quicker ...\n";

    /** A library in THIRD-PARTY.txt: its artifact and its version. */
    private static final Pattern LISTED = Pattern.compile("\\([\\w.-]+:([\\w.-]+):([\\w.-]+) - ");

    /** What the scripts of a release use. */
    private static final String PROGRAMS = "bash sh sed head dirname readlink grep cat mkdir mv rm";

    @TempDir static Path temp;
    private static Shell shell;
    private static Path home;
    private static List<Path> unpacked;
    private static Run first;

    @BeforeAll
    static void unpack() throws IOException {
        temp = temp.toRealPath();
        shell = new Shell(temp, PROGRAMS.split(" ", -1));
        shell.set("CAIRN_JAVA_HOME", System.getProperty("java.home"));
        shell.set("DJL_CACHE_DIR", temp.resolve("cache").toString());
        Path folder = Files.createDirectories(temp.resolve("unpacked here"));
        // With what unzip restores: files that may be executed.
        Map<String, Boolean> permissions = Map.of("enablePosixFileAttributes", true);
        try (FileSystem zip = FileSystems.newFileSystem(ZIP, permissions);
                Stream<Path> entries = Files.walk(zip.getPath("/"))) {
            for (Path entry : entries.toList()) {
                Path file = folder.resolve(zip.getPath("/").relativize(entry).toString());
                if (Files.isDirectory(entry)) {
                    Files.createDirectories(file);
                } else {
                    Files.copy(entry, file);
                    Files.setPosixFilePermissions(file, Files.getPosixFilePermissions(entry));
                }
            }
        }
        home = folder.resolve(ZIP.getFileName().toString().replace(".zip", ""));
        unpacked = files();
        first = cairn(temp, "--version");
    }

    @Test
    void theFirstUseRecordsAStart() throws IOException {
        assertThat(first.status()).isZero();
        assertThat(first.err()).isEqualTo(RECORDING);
        assertThat(home.resolve("launch/cairn.aot")).isNotEmptyFile();
    }

    @Test
    void saysItsVersion() throws IOException {
        Run run = cairn(temp, "--version");
        String version = home.getFileName().toString().replace("cairn-", "");
        assertThat(run.status()).isZero();
        assertThat(run.out()).isEqualTo(first.out()).startsWith("cairn " + version + " (Java ");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void answersWithTheModelItBrings() throws IOException {
        Run run = cairn(home, "run", "examples/stories/base.yaml", "Where is the ball?");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).isNotBlank();
        assertThat(run.err()).isEmpty();
    }

    @Test
    void aWrongCommandLineEndsWithStatus2() throws IOException {
        assertThat(cairn(temp, "trian"))
                .isEqualTo(
                        new Run(
                                2,
                                "",
                                "cairn: unknown verb 'trian'; did you mean train?; try cairn --help\n"));
    }

    @Test
    void everyProgramMayBeExecutedAndNothingElse() {
        assertThat(unpacked.stream().filter(Files::isExecutable).map(DistributionIT::name))
                .contains("cairn", "tools/find-jdk", "examples/stories/demo.sh")
                .allMatch(name ->
                        name.matches("cairn|tools/(find-jdk|record-start)|examples/.*\\.sh"));
    }

    @Test
    void everyLibraryIsListedWithItsLicence() throws IOException {
        assertThat(unpacked).map(DistributionIT::name).contains("LICENSE", "NOTICE", "README.md");
        String listed =
                LISTED.matcher(Files.readString(home.resolve("licenses/THIRD-PARTY.txt")))
                        .results()
                        .map(library -> library.group(1) + "-" + library.group(2))
                        .map(Pattern::quote)
                        .collect(Collectors.joining("|"));
        assertThat(unpacked)
                .map(DistributionIT::name)
                .filteredOn(name -> name.startsWith("lib/") && !name.startsWith("lib/cairn-"))
                .isNotEmpty()
                .allMatch(name -> name.matches("lib/(" + listed + ")(-[\\w-]+)?\\.jar"));
    }

    private static Run cairn(Path folder, String... args) throws IOException {
        return shell.run(folder, home.resolve("cairn"), args);
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static String name(Path file) {
        return home.relativize(file).toString();
    }
}
