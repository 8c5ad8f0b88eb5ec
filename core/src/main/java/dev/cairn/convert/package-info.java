/** Conversions between the formats of Hugging Face, PEFT, GGUF and Ollama. */
@NullMarked
package dev.cairn.convert;

import org.jspecify.annotations.NullMarked;
