package dev.cairn.text.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {
    private static final String WHERE = "stack.yaml: stages[1].prompt";

    @Test
    void putsValuesInAndKeepsEverythingElseAsWritten() {
        String source = "\n  {{input}}\n\n{{focus}}\r\n\t{{ input }} \n{ {\"a\": {b}} }}\n";
        assertThat(Template.parse(source, WHERE).render(Map.of("input", "I", "focus", "F")))
                .isEqualTo("\n  I\n\nF\r\n\tI \n{ {\"a\": {b}} }}\n");
    }

    @Test
    void aLineWithNothingButAVariableKeepsItsLineBreak() {
        assertThat(Template.parse("{{a}}\n{{b}}\n", WHERE).render(Map.of("a", "", "b", "")))
                .isEqualTo("\n\n");
    }

    @Test
    void neverEscapesAndNeverReadsValuesAsTemplates() {
        String value = "<b>&\"'\\ $1 {{focus}} {{#x}}";
        assertThat(
                        Template.parse("{{input}}|{{{input}}}|{{&input}}", WHERE)
                                .render(Map.of("input", value, "focus", "NO")))
                .isEqualTo(value + "|" + value + "|" + value);
    }

    @Test
    void namesItsVariablesInTheOrderOfUse() {
        assertThat(Template.parse("{{z}} {{a-1}} {{z}} {{Ämter_2}}", WHERE).variables())
                .containsExactly("z", "a-1", "Ämter_2");
        assertThat(Template.parse("no variables", WHERE).variables()).isEmpty();
    }

    @Test
    void aMissingValueNamesThePlaceTheVariableAndTheKnownOnes() {
        Template template = Template.parse("{{inptu}}", WHERE);
        assertThatThrownBy(() -> template.render(Map.of("input", "", "focus", "")))
                .isInstanceOf(CairnException.class)
                .hasMessage(WHERE + ": unknown variable {{inptu}}; known here: focus, input");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {{#facts}}x{{/facts}} | sections {{#facts}} are not supported
                    {{^facts}}x{{/facts}} | inverted sections {{^facts}} are not supported
                    {{>other}}            | partials {{>other}} are not supported
                    {{<p}}{{/p}}          | parents {{<p}} are not supported
                    {{$b}}x{{/b}}         | blocks {{$b}} are not supported
                    {{! note }}           | comments {{! note}} are not supported
                    {{=<% %>=}} <%a%>     | other delimiters {{=<% %>=}} are not supported
                    {{input}              | '{{' without a closing '}}'
                    text {{               | '{{' without a closing '}}'
                    {{{input}}            | '{{{' without a closing '}}}'
                    {{a {{b}}             | '{{' without a closing '}}'
                    {{}}                  | empty tag
                    {{#open}}             | sections {{#open}} are not supported
                    {{/open}}             | '/open' is not a variable name
                    {{.}}                 | '.' is not a variable name
                    {{a.b}}               | 'a.b' is not a variable name
                    {{a b}}               | 'a b' is not a variable name
                    {{-index}}            | '-index' is not a variable name
                    """,
            quoteCharacter = '`')
    void anythingButVariablesIsRefusedByName(String source, String message) {
        assertThatThrownBy(() -> Template.parse(source, WHERE))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(WHERE + ": bad template: ")
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }
}
