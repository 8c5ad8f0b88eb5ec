package dev.cairn.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.cairn.CairnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CsvRecordsTest {
    @TempDir private Path directory;

    @Test
    void aRecordKnowsTheLineWhereItBeginsAfterValuesOfSeveralLines() throws IOException {
        assertThat(read("q,a\n\"one\nmore\",1\ntwo,2\n\"x\n\ny\",\"z\n\"\nlast,3"))
                .extracting(
                        DataRecord::line,
                        DataRecord::number,
                        one -> one.text("q"),
                        one -> one.text("a"))
                .containsExactly(
                        tuple(2, 1, "one\nmore", "1"),
                        tuple(4, 2, "two", "2"),
                        tuple(5, 3, "x\n\ny", "z\n"),
                        tuple(9, 4, "last", "3"));
    }

    @Test
    void windowsLineEndsEndRowsAndStayInQuotedValues() throws IOException {
        assertThat(read("q,a\r\n\"one\r\nmore\",1\r\ntwo,2\r\n"))
                .extracting(DataRecord::line, one -> one.text("q"))
                .containsExactly(tuple(2, "one\r\nmore"), tuple(4, "two"));
    }

    @Test
    void valuesKeepTheirSpacesQuotesAndCommas() throws IOException {
        assertThat(read("q,a\n x ,\"say \"\"y\"\", twice\"\n,z\"z\n"))
                .extracting(one -> one.text("q"), one -> one.text("a"))
                .containsExactly(tuple(" x ", "say \"y\", twice"), tuple("", "z\"z"));
    }

    @Test
    void aFileWithoutRowsHasNoRecords() throws IOException {
        assertThat(read("")).isEmpty();
        assertThat(read("q,a\n")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"x\ny\",1\nz\n' | 4: expected 2 values (q, a), found 1",
                "'1,2\n\n3,4\n' | 3: expected 2 values (q, a), found 1",
                "'1,2\n1,2,\n' | 3: expected 2 values (q, a), found 3",
                "'1,2\n\"x\"y,2\n' | 3: not valid CSV: ",
                "'\"x\ny\",2\n\"open,2\n1,2\n' | 4: not valid CSV: "
            })
    void namesTheLineWhereABadRowBegins(String rows, String problem) {
        assertThatThrownBy(() -> read("q,a\n" + rows))
                .isInstanceOf(CairnException.class)
                .hasMessageStartingWith(directory.resolve("rows.csv") + ":" + problem);
    }

    private List<DataRecord> read(String text) throws IOException {
        return CsvRecords.read(
                TextFile.read(Files.writeString(directory.resolve("rows.csv"), text)));
    }
}
