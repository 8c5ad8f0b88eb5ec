/** Where a model's parameters come from: stored, fresh, trainable or quantised. */
@NullMarked
package dev.cairn.model.weights;

import org.jspecify.annotations.NullMarked;
