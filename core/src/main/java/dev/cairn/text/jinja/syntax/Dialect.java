package dev.cairn.text.jinja.syntax;

/**
 * How jinja2 is set up, which differs between those who use it.
 *
 * @param what how messages call the template
 * @param trimsBlocks whether the line break after a block goes, and the white space before a block
 *     that begins its line
 * @param keepsLastBreak whether the text's last line break is part of the template
 * @param isStrict whether a name or member that is not there is an error, save where a template
 *     asks whether it is defined or gives a default
 */
public record Dialect(String what, boolean trimsBlocks, boolean keepsLastBreak, boolean isStrict) {
    /** As transformers sets it up for chat templates. */
    public static final Dialect CHAT = new Dialect("chat template", true, false, false);

    /** As lm-evaluation-harness sets it up for the templates of its tasks. */
    public static final Dialect TASK = new Dialect("template", false, true, true);
}
