/** Tokenizers as GGUF files hold them, and how they become those of Hugging Face. */
@NullMarked
package dev.cairn.text.tokenizer.ggml;

import org.jspecify.annotations.NullMarked;
