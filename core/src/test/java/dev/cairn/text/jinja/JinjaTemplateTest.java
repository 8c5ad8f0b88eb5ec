package dev.cairn.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a template may not do; what it does is held to transformers by ChatTemplateGoldenTest. */
class JinjaTemplateTest {
    private static final Map<String, Object> VARIABLES =
            Map.of("messages", List.of(Map.of("role", "user", "content", "hello")));

    private static final Pattern PIECE =
            Pattern.compile("\\w+|\\s+|\\{[{%]-?|-?[%}]\\}|'[^'\n]*'|.");

    private static String render(String template) {
        return JinjaTemplate.parse(template, "t.jinja").render(VARIABLES, Clock.systemUTC());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ ''.__class__.__mro__ }}",
                "{{ messages.getClass().forName('java.lang.Runtime') }}",
                "{{ ''.class.forName('java.lang.System').exit(1) }}",
                "{{ messages[0].content.getBytes() }}",
                "{{ raise_exception.__globals__ }}",
                "{{ namespace(_x=1) }}",
                "{{ messages.append(1) }}",
                "{{ messages[0].update({}) }}",
                "{% set messages[0].role = 'x' %}",
                "{% set messages.x = 1 %}",
                "{% include '/etc/passwd' %}",
                "{% import 'x' as y %}",
                "{% extends 'x' %}",
                "{% do messages.pop() %}",
                "{{ lipsum() }}",
                "{{ self }}",
                "{{ open('/etc/passwd') }}"
            })
    void nothingOutsideOfTheTemplateIsInReach(String template) {
        assertThatThrownBy(() -> render(template))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith("t.jinja: chat template, line 1: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ 'a' * 1000000000 }}",
                "{{ 'a' * 9000000000000000000 }}",
                "{{ [0] * 100000000000 }}",
                "{{ ([] * 100000000000) }}{{ '' * 100000000000 }}",
                "{% for i in range(1000000000) %}{% endfor %}",
                "{% for i in range(0, 9000000000000000000, 4000000000000000000) %}{% endfor %}{{ 9223372036854775807 + 1 }}",
                "{% set x = namespace(t='ab') %}{% for i in range(60) %}{% set x.t = x.t ~ x.t %}{% endfor %}",
                "{% set x = namespace(t=['a']) %}{% for i in range(60) %}{% set x.t = x.t + x.t %}{% endfor %}",
                "{% set x = namespace(t=[]) %}{% for i in range(60) %}{% set x.t = [x.t, x.t] %}{% endfor %}{{ x.t }}",
                "{% set x = namespace(t=[]) %}{% for i in range(60) %}{% set x.t = [x.t, x.t] %}{% endfor %}{{ x.t | tojson }}",
                "{% set x = namespace(t=[]) %}{% for i in range(60) %}{% set x.t = [x.t, x.t] %}{% endfor %}{{ x.t == [x.t, 1] }}{{ x.t == [x.t[0], x.t[1]] }}",
                "{% set x = namespace(t=[]) %}{% for i in range(90000) %}{% set x.t = [x.t] %}{% endfor %}{{ x.t }}",
                "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
                "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
                "{% macro f() %}{% for i in range(9) %}{{ f() }}{% endfor %}{% endmacro %}{{ f() }}",
                "{{ 'x' | indent(2000000000, true) }}",
                "{{ [[[1]]] | tojson(indent=2000000000) }}",
                "{% set a = 'a' * 1000000 %}{{ (a ~ 'b') in a ~ a }}{{ a.count(a) }}{{ a.split('a' * 500000 ~ 'b') }}",
                "{% set a = 'a' * 100000 %}{{ a.strip(a ~ 'b') }}{{ a.strip('b' * 100000 ~ 'a') }}",
                "{% for i in range(99999) %}{{ 'a' * 1000 }}{% endfor %}",
                "{{ messages | map('string') | join('x' * 30000000) ~ 'x' * 60000000 }}"
            })
    void whatATemplateCostsIsBounded(String template) {
        assertThatThrownBy(() -> render(template))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith("t.jinja: chat template, line 1: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{",
                "{%",
                "{#",
                "{{ }}",
                "{% if %}",
                "{% if x %}",
                "{% for x %}{% endfor %}",
                "{{ 'a }}",
                "{{ a b }}",
                "{{ (1 }}",
                "{{ [1, }}",
                "{{ a. }}",
                "{% endif %}",
                "{% raw %}",
                "{% set %}",
                "{{ ')' ) }}",
                "{% break %}",
                "{% macro f() %}{% break %}{% endmacro %}",
                "{{ 'x\\u12' }}",
                "{{ 99999999999999999999 }}",
                "{{ a | nofilter }}",
                "{{ a is notest }}",
                "{{ f(*a) }}",
                "{{ messages[0].content.encode() }}",
                "{{ 1 / 0 }}",
                "{{ 'a' + 1 }}",
                "{{ missing.x }}",
                "{{ missing() }}",
                "{{ none | length }}",
                "{% for x in none %}{% endfor %}",
                "{% for a, b in [[1]] %}{% endfor %}",
                "{{ 1 < 'a' }}",
                "{{ 'a'[::0] }}",
                "{{ ¤ }}",
                "{% for x in [1] recursive %}{% endfor %}",
                "{{ strftime_now('%Q') }}",
                "{{ ('a' | safe) + 'b' }}",
                "{{ {[]: 1} }}",
                "{{ '%d' % 1 }}",
                "{{ range(1, 2, 0) }}",
                "{{ {1: 1, 'a': 2} | tojson(sort_keys=true) }}"
            })
    void whatItCannotDoIsAnErrorWithTheLine(String template) {
        assertThatThrownBy(() -> render("\n" + template))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith("t.jinja: chat template, line 2: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                "[",
                "{{ -",
                "not ",
                "{% if x %}",
                "{% for i in j %}",
                "a(",
                "a|f(",
                "1 if "
            })
    void deepNestingIsAnErrorAndNoStackOverflow(String piece) {
        String deep = piece.repeat(50_000);
        String template = piece.startsWith("{%") ? deep : "{{ " + deep;
        assertThatThrownBy(() -> render(template))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith("t.jinja: chat template, line 1: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {" + 1", " or 0", " and 1", "|string|int", " * 1"})
    void aLongChainIsAnErrorAndNoStackOverflow(String piece) {
        assertThatThrownBy(() -> render("{{ 1" + piece.repeat(50_000) + " }}"))
                .isInstanceOf(CairnException.class)
                .hasMessageContaining("deep");
    }

    @Test
    void aTemplateThatRefusesTheMessagesSaysWhy() {
        assertThatThrownBy(() -> render("{{ raise_exception('roles must alternate') }}"))
                .isInstanceOf(CairnException.class)
                .hasMessage(
                        "t.jinja: the chat template rejects these messages: roles must alternate");
    }

    @Test
    void whatAMessageSaysIsNeverReadAsATemplate() {
        String text = "{{ 7 * 6 }} {% raise %} {# x #}";
        String rendered =
                JinjaTemplate.parse("{{ m }}{% set n = m ~ m %}{{ n }}", "t.jinja")
                        .render(Map.of("m", text), Clock.systemUTC());
        assertThat(rendered).isEqualTo(text + text + text);
    }

    /** Pieces of templates in any order: a text, or an error with its line. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void anythingElseIsAnErrorToo(long seed) throws IOException {
        Path folder = Path.of("core/src/test/resources/chat-templates");
        List<String> pieces = new ArrayList<>();
        for (String name : List.of("language", "macros", "thinking", "header-turns")) {
            String template = Files.readString(folder.resolve(name + ".jinja"));
            Matcher matcher = PIECE.matcher(template);
            while (matcher.find()) {
                pieces.add(matcher.group());
            }
        }
        SplittableRandom random = new SplittableRandom(seed);
        int rendered = 0;
        for (int i = 0; i < 3000; i++) {
            StringBuilder template = new StringBuilder("{{ ");
            int from = random.nextInt(pieces.size());
            for (int n = random.nextInt(30); n > 0; n--) {
                boolean jumps = random.nextInt(4) == 0;
                from = jumps ? random.nextInt(pieces.size()) : (from + 1) % pieces.size();
                template.append(pieces.get(from));
            }
            try {
                render(template.append(" }}").toString());
                rendered++;
            } catch (CairnException e) {
                assertThat(e.getMessage()).startsWith("t.jinja: ");
            }
        }
        assertThat(rendered).isPositive();
    }

    @Test
    void aLongConversationIsNoBomb() {
        List<Map<String, String>> messages =
                java.util.stream.IntStream.range(0, 2000)
                        .mapToObj(i ->
                                Map.of(
                                        "role",
                                        i % 2 == 0 ? "user" : "assistant",
                                        "content",
                                        "words ".repeat(50)))
                        .toList();
        String rendered =
                JinjaTemplate.parse(
                                "{% for m in messages %}{% if messages[loop.index0 - 1].role != 'x' and '</think>' not in m.content %}{{ m.role ~ ': ' ~ (m.content | trim) }}\n{% endif %}{% endfor %}",
                                "t.jinja")
                        .render(Map.of("messages", messages), Clock.systemUTC());
        assertThat(rendered).hasSizeGreaterThan(600_000);
    }

    private static Object ofTask(String template) {
        return JinjaTemplate.ofTask(template, "t.yaml")
                .value(
                        Map.of(
                                "q",
                                "x",
                                "n",
                                3,
                                "labels",
                                List.of("A", "B"),
                                "flags",
                                List.of(1, 0)),
                        Clock.systemUTC());
    }

    /** jinja2's defaults with keep_trailing_newline, which lm-evaluation-harness sets. */
    @Test
    void ofATaskEveryLineBreakCounts() {
        assertThat(ofTask("{% if q %}\n{{q}}\n  {% endif %}\n")).isEqualTo("\nx\n  \n");
        assertThat(render("{% if messages %}\nx\n  {% endif %}\n")).isEqualTo("x\n");
    }

    @Test
    void ofATaskOneExpressionKeepsItsValue() {
        assertThat(ofTask("{{n - 1}}")).isEqualTo(2L);
        assertThat(ofTask("{{labels.index('B')}}")).isEqualTo(1L);
        assertThat(ofTask("{{[q, n]}}")).isEqualTo(List.of("x", 3L));
        assertThat(ofTask("{{n}} ")).isEqualTo("3 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{nothing}}",
                "{{q.nothing}}",
                "{% if nothing %}{% endif %}",
                "{{'a' if nothing else 'b'}}",
                "{% for x in nothing %}{% endfor %}",
                "{{flags[2]}}",
                "{{labels.index('C')}}",
                "{{none}}"
            })
    void ofATaskWhatIsNotThereIsAnError(String template) {
        assertThatThrownBy(() -> ofTask(template))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith("t.yaml: template, line 1: ");
    }

    @Test
    void ofATaskWhatMayBeMissingCanBeAskedFor() {
        assertThat(ofTask("{{nothing | default('d')}}{{nothing is defined}}")).isEqualTo("dFalse");
    }
}
