package dev.cairn;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Which room may use which: the table of ARCHITECTURE.md, held against the compiled classes. */
class ArchitectureTest {
    private static final List<String> MODULES = List.of("core", "server", "cli");

    /** Rooms that every other may use, as the root package. */
    private static final Set<String> SHARED = Set.of("support", "config");

    private static final Map<String, Set<String>> MAY_USE =
            Map.ofEntries(
                    entry("support", Set.of()),
                    entry("config", Set.of("support")),
                    entry("tensor", Set.of()),
                    entry("format", Set.of("tensor")),
                    entry("text", Set.of("format")),
                    entry("model", Set.of("tensor", "format")),
                    entry("generate", Set.of("model", "tensor")),
                    entry("convert", Set.of("model", "text", "format")),
                    entry("records", Set.of()),
                    entry("data", Set.of("text", "records")),
                    entry("train", Set.of("model", "data", "tensor", "format")),
                    entry("stack", Set.of("generate", "model", "text")),
                    entry("eval", Set.of("text", "records")),
                    entry("http", Set.of()),
                    entry("hub", Set.of("http")),
                    entry("remote", Set.of("http", "text")),
                    entry("server", Set.of("text")),
                    entry(
                            "recipe",
                            Set.of(
                                    "tensor",
                                    "format",
                                    "text",
                                    "model",
                                    "generate",
                                    "data",
                                    "train",
                                    "stack",
                                    "eval",
                                    "hub",
                                    "remote")),
                    entry(
                            "cli",
                            Set.of(
                                    "recipe",
                                    "stack",
                                    "text",
                                    "eval",
                                    "data",
                                    "convert",
                                    "hub",
                                    "server",
                                    "model",
                                    "generate",
                                    "tensor")));

    @SuppressWarnings("unused") // JUnit reads it
    private static final List<String> ROOMS = MAY_USE.keySet().stream().sorted().toList();

    private static final JavaClasses CAIRN =
            new ClassFileImporter()
                    .importPaths(
                            MODULES.stream()
                                    .map(module -> Path.of(module, "target/classes"))
                                    .toList());

    @ParameterizedTest
    @FieldSource("ROOMS")
    void aRoomUsesOnlyTheRoomsOfItsRow(String room) {
        usesOnlyItsRow(room).check(CAIRN);
    }

    @Test
    void noRoomsUseEachOtherInACircle() {
        slices().matching("dev.cairn.(*)..").should().beFreeOfCycles().check(CAIRN);
    }

    /** Also inside a room: a package is read without those that are built on it. */
    @Test
    void noPackagesUseEachOtherInACircle() {
        slices().matching("dev.cairn.(**)").should().beFreeOfCycles().check(CAIRN);
    }

    @Test
    void noPackageHoldsMoreThanFortyFiles() {
        Map<String, Long> files =
                CAIRN.stream()
                        .filter(JavaClass::isTopLevelClass)
                        .collect(
                                Collectors.groupingBy(
                                        JavaClass::getPackageName, Collectors.counting()));
        assertThat(files).allSatisfy((name, count) -> assertThat(count).isLessThanOrEqualTo(40));
    }

    @Test
    void aForbiddenArrowIsNoticed() {
        JavaClasses offender =
                new ClassFileImporter()
                        .importPath(
                                Path.of(
                                        "core/target/test-classes/dev/cairn/tensor/ForbiddenArrow.class"));
        assertThatThrownBy(() -> usesOnlyItsRow("tensor").check(offender))
                .hasMessageContaining("ForbiddenArrow")
                .hasMessageContaining("Answer");
    }

    @Test
    void theRootHoldsOnlyWhatEveryRoomMayUse() {
        assertThat(
                        CAIRN.stream()
                                .filter(JavaClass::isTopLevelClass)
                                .filter(type -> type.getPackageName().equals("dev.cairn")))
                .extracting(JavaClass::getSimpleName)
                .containsExactlyInAnyOrder("CairnException", "Cancellation", "package-info");
    }

    @Test
    void everyRoomHasItsRow() throws IOException {
        Set<String> rooms = new TreeSet<>();
        for (String module : MODULES) {
            rooms.addAll(foldersIn(Path.of(module, "src/main/java/dev/cairn")));
        }
        assertThat(MAY_USE.keySet()).isEqualTo(rooms);
    }

    @Test
    void everySourceFileWasLookedAt() throws IOException {
        Set<String> seen =
                CAIRN.stream()
                        .filter(JavaClass::isTopLevelClass)
                        .map(JavaClass::getFullName)
                        .collect(Collectors.toSet());
        assertThat(seen).containsAll(sourceClasses());
    }

    @Test
    void everyPackageForbidsNullUnlessItSaysOtherwise() throws IOException {
        Set<String> packages =
                CAIRN.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
        Set<String> nullMarked =
                CAIRN.stream()
                        .filter(type -> type.getSimpleName().equals("package-info"))
                        .filter(type -> type.isAnnotatedWith(NullMarked.class))
                        .map(JavaClass::getPackageName)
                        .collect(Collectors.toSet());
        assertThat(nullMarked).isEqualTo(packages);
    }

    private static ArchRule usesOnlyItsRow(String room) {
        String[] allowed =
                Stream.of(
                                Set.of(room),
                                MAY_USE.getOrDefault(room, Set.of()),
                                SHARED.contains(room) ? Set.<String>of() : SHARED)
                        .flatMap(Set::stream)
                        .map(ArchitectureTest::packageOf)
                        .toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage(packageOf(room))
                .should()
                .dependOnClassesThat(
                        resideInAPackage("dev.cairn..")
                                .and(not(resideInAnyPackage(allowed)))
                                .and(not(resideInAPackage("dev.cairn"))));
    }

    private static String packageOf(String room) {
        return "dev.cairn." + room + "..";
    }

    private static Set<String> foldersIn(Path parent) throws IOException {
        try (Stream<Path> children = Files.list(parent)) {
            return children.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .collect(Collectors.toSet());
        }
    }

    private static Set<String> sourceClasses() throws IOException {
        Set<String> classes = new TreeSet<>();
        for (String module : MODULES) {
            Path root = Path.of(module, "src/main/java");
            try (Stream<Path> files = Files.walk(root)) {
                files.map(file -> root.relativize(file).toString())
                        .filter(name -> name.endsWith(".java") && !name.equals("module-info.java"))
                        .map(name -> name.substring(0, name.length() - ".java".length()))
                        .map(name -> name.replace('/', '.'))
                        .forEach(classes::add);
            }
        }
        return classes;
    }
}
