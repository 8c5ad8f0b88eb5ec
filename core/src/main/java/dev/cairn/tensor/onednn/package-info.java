/** Large matrix products by oneDNN, called through the foreign-function interface. */
@NullMarked
package dev.cairn.tensor.onednn;

import org.jspecify.annotations.NullMarked;
