/**
 * Models in GGUF files: what an architecture's settings, names and rows are called there, and how
 * they become those of Hugging Face.
 */
@NullMarked
package dev.cairn.model.gguf;

import org.jspecify.annotations.NullMarked;
