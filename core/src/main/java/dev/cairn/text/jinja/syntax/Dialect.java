package dev.cairn.text.jinja.syntax;

/**
 * A configuration of jinja2, which differs between its users.
 *
 * @param what name of the template in messages
 * @param trimsBlocks whether the line break after a block is removed, and the white space before a
 *     block that begins its line
 * @param keepsLastBreak whether the final line break is part of the template
 * @param isStrict whether an undefined name or member is an error, except where the template tests
 *     whether it is defined or gives a default
 */
public record Dialect(String what, boolean trimsBlocks, boolean keepsLastBreak, boolean isStrict) {
    /** The configuration of transformers for chat templates. */
    public static final Dialect CHAT = new Dialect("chat template", true, false, false);

    /** The configuration of lm-evaluation-harness for task templates. */
    public static final Dialect TASK = new Dialect("template", false, true, true);
}
