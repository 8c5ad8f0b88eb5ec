/** What every room may use: files written whole, strict YAML, bounded matching, parallel tasks. */
@NullMarked
package dev.cairn.support;

import org.jspecify.annotations.NullMarked;
