/**
 * The language of chat templates: Jinja as Python's jinja2 reads it, the part that templates of
 * language models use. Values are JSON's, nothing of Java is in reach, and work and memory are
 * bounded, because a template comes from the internet. What is not known here is an error, never
 * another text.
 */
@NullMarked
package dev.cairn.text.jinja;

import org.jspecify.annotations.NullMarked;
