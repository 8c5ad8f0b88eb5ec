/**
 * The language of chat templates: the part of Python's jinja2 that templates of language models
 * use. Because templates come from the internet, values are JSON values, Java objects are not
 * accessible, and work and memory are bounded. An unsupported feature is an error, never silently
 * different text.
 */
@NullMarked
package dev.cairn.text.jinja;

import org.jspecify.annotations.NullMarked;
