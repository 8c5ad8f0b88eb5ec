package dev.cairn.server;

import dev.cairn.text.completion.CompletionRequest.Input;
import dev.cairn.text.completion.ModelCard;
import dev.cairn.text.completion.ServedModel;

/** A model whose token ids are code points. */
public abstract class CharacterModel implements ServedModel {
    private final ModelCard card;

    protected CharacterModel(ModelCard card) {
        this.card = card;
    }

    @Override
    public final ModelCard card() {
        return card;
    }

    @Override
    public final int[] tokenize(String text) {
        return text.codePoints().toArray();
    }

    @Override
    public final String detokenize(int[] tokens) {
        return new String(tokens, 0, tokens.length);
    }

    /** What is asked, as a text; of a conversation its last message. */
    protected final String text(Input input) {
        return switch (input) {
            case Input.Chat chat -> chat.messages().getLast().content();
            case Input.Text text -> text.text();
            case Input.Tokens tokens ->
                    detokenize(tokens.ids().stream().mapToInt(Integer::intValue).toArray());
        };
    }
}
