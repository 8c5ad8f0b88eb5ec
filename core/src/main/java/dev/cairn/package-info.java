/** The root of Cairn: the error meant for a person, and the handle that cancels what takes long. */
@NullMarked
package dev.cairn;

import org.jspecify.annotations.NullMarked;
