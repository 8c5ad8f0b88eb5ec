/**
 * Tensors and the interfaces of the kernels that compute with them. Uses no other package of Cairn
 * except {@code support}.
 */
@NullMarked
package dev.cairn.tensor;

import org.jspecify.annotations.NullMarked;
