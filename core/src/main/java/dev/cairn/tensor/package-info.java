/** Numbers: storage, safetensors files (memory-mapped) and the kernels. Knows no other room. */
@NullMarked
package dev.cairn.tensor;

import org.jspecify.annotations.NullMarked;
