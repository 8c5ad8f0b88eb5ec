/**
 * Models behind an OpenAI-compatible address, seen as {@code Answerer}s: a local server such as
 * Ollama, or one on another machine. Knows HTTP, JSON and text; no tensors, no files.
 */
@NullMarked
package dev.cairn.remote;

import org.jspecify.annotations.NullMarked;
