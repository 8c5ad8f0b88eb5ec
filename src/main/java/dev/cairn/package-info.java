/** The root of Cairn: holds only what every room may use, the error that is meant for a person. */
@NullMarked
package dev.cairn;

import org.jspecify.annotations.NullMarked;
