/**
 * Matrix products: the scalar reference, the vector kernels with their tiles, and products of few
 * rows.
 */
@NullMarked
package dev.cairn.tensor.matmul;

import org.jspecify.annotations.NullMarked;
