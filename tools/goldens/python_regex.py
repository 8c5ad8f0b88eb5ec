"""What Python's re finds, for PythonRegexTest to compare with.

A tool for making fixtures; neither the product nor its tests run it. Made with Python 3.11:

    python tools/goldens/python_regex.py core/src/test/resources/python-regex.json

Of each pattern and text there are all matches, each as the list of its groups, the whole first.
"""

import json
import pathlib
import re
import sys

CASES = [
    (r"(?P<name>\w+)=(?P<value>\d+);", "ans=42; x=7;"),
    (r"(?P<first_part>\w)-(?P=first_part)", "a-a b-c d-d"),
    (r"(?P<s>a)ns=(?P<n>\d+);(?!(?P=s))", "ans=42;a ans=7;"),
    (r"ans(?# of the item)=(\d+)", " ans=42"),
    (r"(?#first)a(?#second)", "aa"),
    (r"[[a]ns=(\d+)", "ans=42 [ns=7"),
    (r"[]a]+", "a]b]"),
    (r"[^]a]+", "a]bc]d"),
    (r"[a&&b]+", "a&b&&c"),
    (r"[a||b]+", "a|b|c"),
    (r"[+--]+", "a-,+,b"),
    (r"[a~~[b]+", "a~[b]"),
    (r"[\w\]\[\\-]+", r"a]b[c\d-e f"),
    (r"[\b]x|\bx", "x \x08x"),
    (r"\\boxed{(.*)}", r"so \boxed{42} it is"),
    (r"\{(\d+)\}|{x}", "{1} {x} {22}"),
    (r"a{,2}b|c{2,}|d{1,2}|e{3}", "aab b ccc ddd eee aaab"),
    (r"a{,}b|{}|{x}", "aab b {} {x}"),
    (r"a{1,2", "aa a{1,2"),
    (r"x{a,b}{2}", "x{a,b}}}"),
    (r"{", "a{b"),
    (r"end\Z", "end\nend"),
    (r"end$", "end\nend\n"),
    (r"(?m)^\w+$", "ab\ncd\n"),
    (r"(?i)ÄB(?-i:c)", "äbc äbC ÄBc"),
    (r"(?s)a.b|(?i:C)", "a\nb c"),
    (r"(?a)\w+", "aé b"),
    (r"\w+", "naïve ẞ 中文 x_1 ٣"),
    (r"\d+", "42 ٣٤"),
    (r"\s+", "a\u00a0b\u2003c"),
    (r"\v", "a\x0bb\nc"),
    (r"\x41\u0042\U00000043\103\0?", "ABCC ABCC\x00"),
    (r"[\101-\103]+", "xABCD"),
    (r"(a)(b)?\1", "aa aba ab"),
    (r"(\d+)\.|(\w+)!", "1. two! 3."),
    ("(?x) a \\  b  # a comment (with [ in it\n c [ #]", "a bc# a bc d"),
    (r"(?x: a b ) c", "ab c abc"),
    (r"(?>a+)b|a++c|a*+d", "aab aac d"),
    (r"#\s*(\w+)|# x", "# a #b"),
    (r"(?<=\$)\d+(?!\d|%)", "$15 $20% 7"),
    (r"(?P<été>\w)(?P=été)", "aa"),
    (r"(-?[$0-9.,]{2,})|(-?[0-9]+)", "costs $1,234.50 or 7"),
    (r"((?<=The answer is )(.*)(?=.)|(?<=answer is )(.*)(?=.))", "The answer is 42."),
    (r":[\s]*(\([ABCD]\)|[ABCD])", "x: (A), y:B"),
    (r"x*", "axb"),
    (r"", "ab"),
    (r"[^\W\d_]+", "ab1_c"),
    (r"\.\*\+\?\(\)\[\|\/\"\'\<\>\-\#\ \=\!\@\%\&\~\,\;\:", ".*+?()[|/\"'<>-# =!@%&~,;:"),
]

if __name__ == "__main__":
    out = []
    for pattern, text in CASES:
        found = [[m.group(0), *m.groups()] for m in re.finditer(pattern, text)]
        out.append({"pattern": pattern, "text": text, "found": found})
    pathlib.Path(sys.argv[1]).write_text(
        "[\n" + ",\n".join(json.dumps(case, ensure_ascii=False) for case in out) + "\n]\n", encoding="utf-8")
