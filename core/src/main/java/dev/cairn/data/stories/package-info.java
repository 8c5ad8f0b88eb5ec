/** The generator of short stories and of questions about them, for training. */
@NullMarked
package dev.cairn.data.stories;

import org.jspecify.annotations.NullMarked;
