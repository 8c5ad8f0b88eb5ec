/** The generator of pre-training text that teaches copying and looking up. */
@NullMarked
package dev.cairn.data.curriculum;

import org.jspecify.annotations.NullMarked;
