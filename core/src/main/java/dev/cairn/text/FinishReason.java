package dev.cairn.text;

/** Why a stage stopped writing. */
public enum FinishReason {
    /** The model wrote its end-of-text token or one of the stop strings. */
    STOP,
    /** The limit of new tokens or the end of the context window was reached. */
    LENGTH,
    /** A person gave the text ({@code --set STAGE=...}); the model was not asked. */
    EDITED
}
