package dev.cairn.format;

import dev.cairn.CairnException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files that hold one model together, named {@code NAME-00001-of-00003.gguf} and so on. The
 * first has the model's metadata; each says which part it is (ggml-org/llama.cpp, {@code
 * gguf-split}).
 *
 * @param named the file that was asked for
 * @param prefix the name before the part's number; empty for a model in one file
 * @param count the number of parts that the name gives
 */
record GgufParts(Path named, String prefix, int count) {
    static final String STRANGERS = "these are parts of different models; fetch all parts again";

    private static final String SPLIT = "split.";
    private static final String NUMBER = SPLIT + "no";
    private static final String COUNT = SPLIT + "count";
    private static final String TENSORS = SPLIT + "tensors.count";
    private static final Pattern NAME =
            Pattern.compile("(.*)-([0-9]{5})-of-([0-9]{5})\\.gguf", Pattern.DOTALL);

    /** The parts that a file's name speaks of. */
    static GgufParts named(Path file) {
        Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
        int count = name.matches() ? Integer.parseInt(name.group(3)) : 1;
        return count > 1 ? new GgufParts(file, name.group(1), count) : new GgufParts(file, "", 1);
    }

    /**
     * The part with the metadata.
     *
     * @throws CairnException when it is missing
     */
    Path first() {
        return file(0);
    }

    private Path file(int index) {
        if (count == 1) {
            return named;
        }
        Path file = part(index);
        if (!Files.exists(file) && Files.exists(named)) {
            throw new CairnException(
                    "%s: part %d of %d is missing; put all parts into one folder"
                            .formatted(file, index + 1, count));
        }
        return file;
    }

    private Path part(int index) {
        return named.resolveSibling("%s-%05d-of-%05d.gguf".formatted(prefix, index + 1, count));
    }

    /**
     * All parts, in order.
     *
     * @param fields the first part's metadata
     * @throws CairnException when it speaks of another number of parts than the names, or a part is
     *     missing
     */
    List<Path> files(Map<String, GgufField> fields) {
        long stored = fields.containsKey(COUNT) ? number(fields, COUNT, first()) : 1;
        if (Math.max(1, stored) != count) {
            throw new CairnException(
                    count == 1
                            ? "%s: is one of %d parts, but not named like NAME-00001-of-%05d.gguf; give all parts their names back"
                                    .formatted(named, stored, stored)
                            : "%s: key '%s': expected %d parts, as the file's name says, found %d; give the file its name back"
                                    .formatted(first(), COUNT, count, stored));
        }
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            files.add(file(i));
        }
        return files;
    }

    /**
     * Checks that a part belongs to the first.
     *
     * @param fields the first part's metadata
     * @throws CairnException when it does not
     */
    void check(int index, Path file, GgufHeader header, Map<String, GgufField> fields) {
        if (count == 1) {
            return;
        }
        long number = number(header.fields(), NUMBER, file);
        if (number != index) {
            throw new CairnException(
                    "%s: key '%s': expected %d, as the file's name says, found %d; give the file its name back"
                            .formatted(file, NUMBER, index, number));
        }
        header.fields()
                .forEach((key, value) -> {
                    GgufField expected = fields.get(key);
                    if (!key.equals(NUMBER) && (expected == null || !expected.hasValueOf(value))) {
                        throw new CairnException(
                                "%s: key %s: has another value than in %s; %s"
                                        .formatted(
                                                file,
                                                SafetensorsHeader.quote(key),
                                                first(),
                                                STRANGERS));
                    }
                });
        checkAlignment(file, header, fields);
    }

    /**
     * gguf-py writes another alignment into the first part alone and pads the data of all parts by
     * it; by the format, parts that name none are aligned to 32.
     */
    private void checkAlignment(Path file, GgufHeader header, Map<String, GgufField> fields) {
        GgufField alignment = fields.get(GgufHeader.ALIGNMENT);
        if (alignment != null
                && !header.fields().containsKey(GgufHeader.ALIGNMENT)
                && !header.beginsAlike(alignment.wholeNumber())) {
            throw new CairnException(
                    "%s: no key '%s', but %s has %d there: programs disagree on where the data of such a part begin; get the model in one file, or in parts with the usual alignment"
                            .formatted(
                                    file,
                                    GgufHeader.ALIGNMENT,
                                    first().getFileName(),
                                    alignment.wholeNumber()));
        }
    }

    /**
     * Checks that all parts together hold as many tensors as the first says.
     *
     * @throws CairnException when they do not
     */
    void checkCount(int tensors, Map<String, GgufField> fields) {
        if (count > 1 && fields.containsKey(TENSORS)) {
            long expected = number(fields, TENSORS, first());
            if (tensors != expected) {
                throw new CairnException(
                        "%s: key '%s': expected %d tensors in its %d parts, found %d; %s"
                                .formatted(first(), TENSORS, expected, count, tensors, STRANGERS));
            }
        }
    }

    private static long number(Map<String, GgufField> fields, String key, Path file) {
        GgufField field = fields.get(key);
        if (field == null) {
            throw new CairnException(
                    "%s: no key '%s', so it is not a part of a model, as its name says; give it its own name back"
                            .formatted(file, key));
        }
        return field.wholeNumber();
    }
}
