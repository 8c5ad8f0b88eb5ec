/**
 * OpenAI's wire format, internal to the server: reads requests into the form that a {@code
 * ServedModel} takes, and writes completions as JSON, whole or streamed.
 */
@NullMarked
package dev.cairn.server.openai;

import org.jspecify.annotations.NullMarked;
