/**
 * The root of Cairn: holds only what every room may use: the error meant for a person, whole files.
 */
@NullMarked
package dev.cairn;

import org.jspecify.annotations.NullMarked;
