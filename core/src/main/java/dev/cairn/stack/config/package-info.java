/** What a stack is made of: the keys of its YAML, in records and builders. */
@NullMarked
package dev.cairn.stack.config;

import org.jspecify.annotations.NullMarked;
