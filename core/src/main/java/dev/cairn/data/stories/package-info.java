/** The generator of short stories and of questions about them, for training and pre-training. */
@NullMarked
package dev.cairn.data.stories;

import org.jspecify.annotations.NullMarked;
