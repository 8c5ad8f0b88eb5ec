package dev.cairn.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.CairnException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContractTest {
    private static final String INPUT = "Olga ran to the tower. Where is Olga?";

    private static Contract contract(
            @Nullable Integer maxTokens,
            @Nullable String pattern,
            @Nullable List<String> oneOf,
            @Nullable Integer quotesInput) {
        return new Contract(maxTokens, pattern, oneOf, quotesInput, 2);
    }

    /** Counts words, as good as tokens here. */
    private static Optional<String> breach(Contract contract, String text) {
        return contract.breach(text, INPUT, t -> t.split(" ").length);
    }

    @Test
    void anEmptyContractIsKeptByEveryText() {
        assertThat(breach(contract(null, null, null, null), "anything\nat all")).isEmpty();
    }

    @Test
    void aTextOfTooManyTokensBreaksIt() {
        assertThat(breach(contract(3, null, null, null), "one two three")).isEmpty();
        assertThat(breach(contract(3, null, null, null), "one two three four"))
                .hasValue("more than 3 tokens");
    }

    @Test
    void thePatternHoldsForTheWholeTextLineBreaksIncluded() {
        Contract contract = contract(null, "Keywords: .*", null, null);
        assertThat(breach(contract, "Keywords: a,\nb")).isEmpty();
        assertThat(breach(contract, "The keywords: a")).hasValue("does not match the pattern");
    }

    @Test
    void aPatternThatWouldTryForYearsIsNotKeptInBoundedTime() {
        Contract contract = contract(null, "(a|aa)+b", null, null);
        assertThat(breach(contract, "a".repeat(5000))).hasValue("does not match the pattern");
        assertThat(breach(contract, "a".repeat(50) + "b")).isEmpty();
    }

    @Test
    void onlyTextsOfTheListAreKept() {
        Contract contract = contract(null, null, List.of("yes", "no"), null);
        assertThat(breach(contract, "no")).isEmpty();
        assertThat(breach(contract, "No.")).hasValue("not one of the list");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "It says: 'ran to the tower'.          | true",
                "OLGA RAN, to the tower!               | true",
                "She went to the tower and ran         | false",
                "ran to the                            | false",
                "to the tower where                    | true",
            })
    void aQuotationIsSomeWordsInARowWhateverTheirCaseAndPunctuation(String text, boolean kept) {
        Optional<String> breach = breach(contract(null, null, null, 4), text);
        assertThat(breach)
                .isEqualTo(kept ? Optional.empty() : Optional.of("does not quote the input"));
    }

    @Test
    void ofAShortInputAllWordsMustBeQuoted() {
        Contract contract = contract(null, null, null, 4);
        assertThat(contract.breach("He said go home.", "Go home!", String::length)).isEmpty();
        assertThat(contract.breach("home, go", "Go home!", String::length)).isPresent();
        assertThat(contract.breach("anything", "?!", String::length)).isPresent();
    }

    @Test
    void impossibleContractsAreRefusedByName() {
        assertRefused(() -> contract(0, null, null, null), "max_tokens: expected at least 1");
        assertRefused(() -> contract(null, "(", null, null), "pattern: expected a regular");
        assertRefused(() -> contract(null, null, List.of(), null), "one_of: expected at least one");
        assertRefused(() -> contract(null, null, null, 0), "quotes_input: expected at least 1");
        assertRefused(() -> new Contract(null, null, null, null, -1), "retries: expected 0 to 100");
    }

    private static void assertRefused(Runnable birth, String message) {
        assertThatThrownBy(birth::run)
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(message);
    }
}
