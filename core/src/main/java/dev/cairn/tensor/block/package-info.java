/** The block formats of published models: what their bytes mean, and products with them. */
@NullMarked
package dev.cairn.tensor.block;

import org.jspecify.annotations.NullMarked;
