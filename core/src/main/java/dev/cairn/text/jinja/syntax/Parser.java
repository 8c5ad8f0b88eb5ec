package dev.cairn.text.jinja.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Parses statements. */
public final class Parser {
    private final Tokens tokens;
    private final ExpressionParser expressions;
    private int loops;

    private Parser(Tokens tokens) {
        this.tokens = tokens;
        this.expressions = new ExpressionParser(tokens);
    }

    /** The statements of a template; throws {@link Fault} if it cannot be parsed. */
    public static List<Stmt> parse(Tokens tokens) {
        return new Parser(tokens).until(Set.of());
    }

    /**
     * Statements up to one of the named end tags; consumes the end tag's opening but not its name.
     */
    private List<Stmt> until(Set<String> ends) {
        tokens.enter();
        List<Stmt> body = new ArrayList<>();
        while (true) {
            Token token = tokens.next();
            switch (token.kind()) {
                case TEXT -> body.add(new Stmt.Text(token.line(), token.text()));
                case VARIABLE_BEGIN -> {
                    body.add(new Stmt.Output(token.line(), expressions.tuple(true)));
                    tokens.expect(Token.Kind.VARIABLE_END);
                }
                case BLOCK_BEGIN -> {
                    if (tokens.current().kind() == Token.Kind.NAME
                            && ends.contains(tokens.current().text())) {
                        tokens.leave();
                        return body;
                    }
                    body.add(statement(tokens.expect(Token.Kind.NAME)));
                }
                default -> {
                    if (!ends.isEmpty()) {
                        throw new Fault(
                                "expected {% "
                                        + String.join(" or ", ends)
                                        + " %}, found "
                                        + token.describe());
                    }
                    tokens.leave();
                    return body;
                }
            }
        }
    }

    /** The body of a block whose end tag consists of its name alone. */
    private List<Stmt> body(String end) {
        tokens.expect(Token.Kind.BLOCK_END);
        List<Stmt> body = until(Set.of(end));
        tokens.next();
        tokens.expect(Token.Kind.BLOCK_END);
        return body;
    }

    /** Parses a macro's body as outside of any loop, even if a loop surrounds the macro. */
    private List<Stmt> outsideLoops(String end) {
        int outer = loops;
        loops = 0;
        List<Stmt> body = body(end);
        loops = outer;
        return body;
    }

    private Stmt statement(Token tag) {
        int line = tag.line();
        return switch (tag.text()) {
            case "if" -> ifStatement(line);
            case "for" -> forStatement(line);
            case "set" -> set(line);
            case "macro" -> macro(line);
            case "call" -> callBlock(line);
            case "filter" -> new Stmt.FilterBlock(line, filters(), body("endfilter"));
            case "with" -> with(line);
            case "generation" -> new Stmt.Generation(line, body("endgeneration"));
            case "break" -> inLoop(tag, new Stmt.Break(line));
            case "continue" -> inLoop(tag, new Stmt.Continue(line));
            default -> throw Fault.unsupported("the tag {% " + tag.text() + " %}");
        };
    }

    private Stmt inLoop(Token tag, Stmt statement) {
        if (loops == 0) {
            throw new Fault("{% " + tag.text() + " %} outside of a loop");
        }
        tokens.expect(Token.Kind.BLOCK_END);
        return statement;
    }

    private Stmt ifStatement(int line) {
        List<Stmt.Branch> branches = new ArrayList<>();
        List<Stmt> otherwise = List.of();
        String tag = "if";
        while (!tag.equals("endif")) {
            if (tag.equals("else")) {
                tokens.expect(Token.Kind.BLOCK_END);
                otherwise = until(Set.of("endif"));
            } else {
                Expr test = expressions.tuple(false);
                tokens.expect(Token.Kind.BLOCK_END);
                branches.add(new Stmt.Branch(test, until(Set.of("elif", "else", "endif"))));
            }
            tag = tokens.next().text();
        }
        tokens.expect(Token.Kind.BLOCK_END);
        return new Stmt.If(line, branches, otherwise);
    }

    private Stmt forStatement(int line) {
        Stmt.Target target = targets();
        if (!tokens.skipName("in")) {
            throw new Fault("expected 'in', found " + tokens.current().describe());
        }
        Expr values = expressions.tuple(false);
        Expr test = tokens.skipName("if") ? expressions.expression() : null;
        if (tokens.current().isName("recursive")) {
            throw Fault.unsupported("a recursive loop");
        }
        tokens.expect(Token.Kind.BLOCK_END);
        loops++;
        List<Stmt> body = until(Set.of("else", "endfor"));
        loops--;
        List<Stmt> otherwise = List.of();
        if (tokens.next().isName("else")) {
            otherwise = body("endfor");
        } else {
            tokens.expect(Token.Kind.BLOCK_END);
        }
        return new Stmt.For(line, target, values, test, body, otherwise);
    }

    private Stmt.Target targets() {
        List<Stmt.Target> targets = new ArrayList<>(List.of(target()));
        boolean isTuple = tokens.current().isOperator(",");
        while (tokens.skipOperator(",") && !tokens.current().isName("in")) {
            targets.add(target());
        }
        return isTuple ? new Stmt.Target.Several(targets) : targets.getFirst();
    }

    private Stmt.Target target() {
        if (tokens.skipOperator("(")) {
            tokens.enter();
            Stmt.Target inner = targets();
            tokens.leave();
            tokens.expectOperator(")");
            return inner;
        }
        String name = tokens.expect(Token.Kind.NAME).text();
        return tokens.skipOperator(".")
                ? new Stmt.Target.Member(name, tokens.expect(Token.Kind.NAME).text())
                : new Stmt.Target.Variable(name);
    }

    private Stmt set(int line) {
        Stmt.Target target = targets();
        if (tokens.skipOperator("=")) {
            Expr value = expressions.tuple(true);
            tokens.expect(Token.Kind.BLOCK_END);
            return new Stmt.Set(line, target, value);
        }
        List<Stmt.FilterCall> filters = tokens.skipOperator("|") ? filters() : List.of();
        return new Stmt.SetBlock(line, target, filters, body("endset"));
    }

    private List<Stmt.FilterCall> filters() {
        List<Stmt.FilterCall> filters = new ArrayList<>();
        do {
            filters.add(expressions.filter());
        } while (tokens.skipOperator("|"));
        return filters;
    }

    private Stmt macro(int line) {
        String name = tokens.expect(Token.Kind.NAME).text();
        return new Stmt.Macro(line, name, parameters(), outsideLoops("endmacro"));
    }

    private List<Stmt.Parameter> parameters() {
        List<Stmt.Parameter> parameters = new ArrayList<>();
        tokens.expectOperator("(");
        while (!tokens.skipOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            String name = tokens.expect(Token.Kind.NAME).text();
            parameters.add(
                    new Stmt.Parameter(
                            name, tokens.skipOperator("=") ? expressions.expression() : null));
        }
        return parameters;
    }

    private Stmt callBlock(int line) {
        List<Stmt.Parameter> parameters =
                tokens.current().isOperator("(") ? parameters() : List.of();
        if (!(expressions.expression() instanceof Expr.Call call)) {
            throw new Fault("expected a call after {% call");
        }
        return new Stmt.CallBlock(line, parameters, call, outsideLoops("endcall"));
    }

    private Stmt with(int line) {
        List<Stmt.Set> values = new ArrayList<>();
        while (tokens.current().kind() != Token.Kind.BLOCK_END) {
            if (!values.isEmpty()) {
                tokens.expectOperator(",");
            }
            Stmt.Target target = target();
            tokens.expectOperator("=");
            values.add(new Stmt.Set(line, target, expressions.expression()));
        }
        return new Stmt.With(line, values, body("endwith"));
    }
}
