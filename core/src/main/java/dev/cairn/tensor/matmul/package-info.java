/**
 * Matrix products: the scalar twin, the vector kernels with their tiles, and products of one row.
 */
@NullMarked
package dev.cairn.tensor.matmul;

import org.jspecify.annotations.NullMarked;
