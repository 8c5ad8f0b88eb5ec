/** Safetensors and GGUF: headers, types, blocks, reading and writing. */
@NullMarked
package dev.cairn.format;

import org.jspecify.annotations.NullMarked;
