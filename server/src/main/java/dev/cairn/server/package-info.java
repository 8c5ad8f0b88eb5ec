/**
 * An OpenAI-compatible server for any {@link dev.cairn.text.completion.ServedModel}, with traces of
 * its completions and a page that shows what every stage wrote.
 *
 * <p>Programs use this package and {@link dev.cairn.server.trace}. The other sub-packages are
 * internal and may change with any version.
 */
@NullMarked
package dev.cairn.server;

import org.jspecify.annotations.NullMarked;
