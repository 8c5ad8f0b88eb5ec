/**
 * Attention, norms, activations and cross entropy, scalar and vectorised, and the choice of
 * kernels.
 */
@NullMarked
package dev.cairn.tensor.kernel;

import org.jspecify.annotations.NullMarked;
