package dev.cairn;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The public API: what {@code cairn-core} exports is documented and leaks nothing. */
class ApiTest {
    private static final Path CLASSES = Path.of("core/target/classes");

    /** The rows of the table of packages. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(dev\\.cairn[\\w.]*)` \\|");

    /** What japicmp compares. */
    private static final Pattern INCLUDED =
            Pattern.compile("<include>(dev\\.cairn[^<]*)</include>");

    private static final Set<String> EXPORTED = exported();

    private static final JavaClasses CORE = new ClassFileImporter().importPath(CLASSES);

    /** So that a mistake in finding classes is not taken for an API without leaks. */
    private static final int FEWEST_CLASSES = 80;

    @Test
    void noPublicClassSpeaksOfAnInternalOne() {
        List<JavaClass> api =
                CORE.stream()
                        .filter(type -> EXPORTED.contains(type.getPackageName()))
                        .filter(ApiTest::isVisible)
                        .toList();
        assertThat(api).hasSizeGreaterThanOrEqualTo(FEWEST_CLASSES);
        assertThat(api.stream().flatMap(ApiTest::leaks)).isEmpty();
    }

    @Test
    void leaksAreNoticed() {
        JavaClass leaky = new ClassFileImporter().importClasses(LeakyApi.class).get(LeakyApi.class);
        assertThat(leaks(leaky))
                .containsExactlyInAnyOrder(
                        "LeakyApi implements or extends dev.cairn.train.Progress",
                        "LeakyApi.node: tools.jackson.databind.node.ObjectNode",
                        "LeakyApi.<init>: dev.cairn.generate.Batcher",
                        "LeakyApi.bounded: dev.cairn.model.CausalLm",
                        "LeakyApi.settings: tools.jackson.databind.JsonNode",
                        "LeakyApi.tensors: dev.cairn.tensor.Tensor");
    }

    @Test
    void theDocumentListsTheExportedPackages() throws IOException {
        assertThat(found(ROW, Path.of("docs/library.md"))).isEqualTo(EXPORTED);
    }

    @Test
    void theReportOfChangesLooksAtTheExportedPackages() throws IOException {
        assertThat(found(INCLUDED, Path.of("core/pom.xml"))).isEqualTo(EXPORTED);
    }

    private static Set<String> found(Pattern name, Path file) throws IOException {
        return name.matcher(Files.readString(file))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> exported() {
        try (InputStream in = Files.newInputStream(CLASSES.resolve("module-info.class"))) {
            return ModuleDescriptor.read(in).exports().stream()
                    .filter(export -> !export.isQualified())
                    .map(ModuleDescriptor.Exports::source)
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a class shows that nobody outside can see, each with its place. */
    private static Stream<String> leaks(JavaClass type) {
        String name = type.getSimpleName();
        Stream<String> parents =
                Stream.concat(
                                Stream.concat(
                                        type.getSuperclass().stream(),
                                        type.getInterfaces().stream()),
                                type.getTypeParameters().stream())
                        .flatMap(ApiTest::internal)
                        .map(leak -> name + " implements or extends " + leak);
        Stream<String> members =
                type.getMembers().stream()
                        .filter(member -> isVisible(member.getModifiers()))
                        .flatMap(member ->
                                spoken(member)
                                        .flatMap(ApiTest::internal)
                                        .map(leak -> name + "." + member.getName() + ": " + leak));
        return Stream.concat(parents, members).distinct();
    }

    private static Stream<JavaType> spoken(JavaMember member) {
        return switch (member) {
            case JavaField field -> Stream.of(field.getType());
            case JavaCodeUnit unit ->
                    Stream.of(
                                    Stream.of(unit.getReturnType()),
                                    unit.getParameterTypes().stream(),
                                    unit.getExceptionTypes().stream(),
                                    unit.getTypeParameters().stream())
                            .flatMap(types -> types);
            default -> throw new AssertionError(member);
        };
    }

    /** Of a type, with its type arguments, what is neither Java's nor exported. */
    private static Stream<String> internal(JavaType type) {
        return type.getAllInvolvedRawTypes().stream()
                .map(JavaClass::getBaseComponentType)
                .filter(raw -> !raw.isPrimitive())
                .filter(raw ->
                        raw.getPackageName().startsWith("dev.cairn")
                                ? !EXPORTED.contains(raw.getPackageName()) || !isVisible(raw)
                                : !raw.getPackageName().matches("(java|org\\.jspecify)(\\..*)?"))
                .map(JavaClass::getFullName);
    }

    /** With all classes around it. */
    private static boolean isVisible(JavaClass type) {
        Optional<JavaClass> outer = type.getEnclosingClass();
        return isVisible(type.getModifiers())
                && !type.isAnonymousClass()
                && !type.isLocalClass()
                && (outer.isEmpty() || isVisible(outer.get()));
    }

    private static boolean isVisible(Set<JavaModifier> modifiers) {
        return !modifiers.contains(JavaModifier.SYNTHETIC)
                && (modifiers.contains(JavaModifier.PUBLIC)
                        || modifiers.contains(JavaModifier.PROTECTED));
    }
}
