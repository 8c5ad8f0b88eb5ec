package dev.cairn.recipe.training;

import dev.cairn.CairnException;
import dev.cairn.data.Document;
import dev.cairn.data.TokenExample;
import dev.cairn.data.curriculum.Curriculum;
import dev.cairn.support.AtomicFiles;
import dev.cairn.support.YamlFile;
import dev.cairn.text.tokenizer.BpeTrainer;
import dev.cairn.text.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The documents to pre-train on: books cut into sections, and the curriculum. */
final class Corpus {
    /**
     * Length of a section of a book, in characters: small enough that books and exercises mix well.
     */
    private static final int STRETCH = 4000;

    private final List<Document> training = new ArrayList<>();
    private final List<Document> validation = new ArrayList<>();

    /**
     * Reads and generates all documents; every {@code 1/valShare}-th is held out for validation.
     *
     * @throws CairnException if a file cannot be read or there is no text at all
     */
    static Corpus read(YamlFile yaml, PretrainConfig.Text text) {
        List<Document> documents = new ArrayList<>();
        for (String name : text.files()) {
            for (Path file : files(yaml.resolve(name))) {
                addStretches(readText(file), documents);
            }
        }
        PretrainConfig.Generated curriculum = text.curriculum();
        if (curriculum != null) {
            Curriculum.documents(curriculum.seed(), curriculum.count()).forEach(documents::add);
        }
        if (documents.isEmpty()) {
            throw yaml.error("text", "expected files or a curriculum to learn from, found none");
        }
        Corpus corpus = new Corpus();
        long every = text.valShare() > 0 ? Math.round(1 / text.valShare()) : Long.MAX_VALUE;
        for (int i = 0; i < documents.size(); i++) {
            (i % every == every - 1 ? corpus.validation : corpus.training).add(documents.get(i));
        }
        return corpus;
    }

    private static List<Path> files(Path path) {
        if (!Files.exists(path)) {
            throw new CairnException(path + ": no such text file or folder");
        }
        try (Stream<Path> walk = Files.walk(path)) {
            return walk.filter(Files::isRegularFile)
                    .filter(file -> file.equals(path) || isBook(file.getFileName().toString()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new CairnException(path + ": cannot be read: " + AtomicFiles.reason(e), e);
        }
    }

    /** SOURCE.md lists the sources of the books and is not a book itself. */
    private static boolean isBook(String name) {
        return (name.endsWith(".txt") || name.endsWith(".md")) && !name.equals("SOURCE.md");
    }

    private static String readText(Path file) {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new CairnException(file + ": not UTF-8 text; convert it to UTF-8", e);
        } catch (IOException e) {
            throw new CairnException(file + ": cannot be read: " + AtomicFiles.reason(e), e);
        }
    }

    private static void addStretches(String book, List<Document> documents) {
        int from = 0;
        while (from < book.length()) {
            int end = Math.min(book.length(), from + STRETCH);
            int paragraph = book.indexOf("\n\n", end);
            end = paragraph < 0 || paragraph > end + STRETCH ? end : paragraph;
            end = isInsideCharacter(book, end) ? end + 1 : end;
            String stretch = book.substring(from, end).strip();
            if (!stretch.isEmpty()) {
                documents.add(Document.of(stretch));
            }
            from = end;
        }
    }

    private static boolean isInsideCharacter(String text, int at) {
        return at < text.length() && Character.isLowSurrogate(text.charAt(at));
    }

    /** Number of training documents. */
    int size() {
        return training.size();
    }

    void learn(BpeTrainer trainer) {
        training.forEach(document -> trainer.add(document.text()));
    }

    /** The training documents as tokens, each ended by {@code end}. */
    List<TokenExample> training(Tokenizer tokenizer, int end) {
        return tokens(training, tokenizer, end);
    }

    List<TokenExample> validation(Tokenizer tokenizer, int end) {
        return tokens(validation, tokenizer, end);
    }

    private static List<TokenExample> tokens(
            List<Document> documents, Tokenizer tokenizer, int end) {
        return documents.stream().map(document -> tokens(document, tokenizer, end)).toList();
    }

    private static TokenExample tokens(Document document, Tokenizer tokenizer, int end) {
        int[] given = tokenizer.encode(document.given());
        int[] learnt = tokenizer.encode(document.learnt());
        int[] ids = Arrays.copyOf(given, given.length + learnt.length + 1);
        System.arraycopy(learnt, 0, ids, given.length, learnt.length);
        ids[ids.length - 1] = end;
        return new TokenExample(ids, Math.max(1, given.length));
    }
}
