"""HTML that other programs keep as text, as Markdown. Shared by all importers.

Only what people write with their editors: paragraphs, lists, headings, emphasis, code, links. The rest is left to its words. Not Python's own
parser: what is wrong with a text in the right way keeps that one busy for minutes.
"""

import html
import re

_TAG = re.compile(
    r"<!--.{0,200}?-->|<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]{0,15})(?P<rest>[^<>]{0,2000})>", re.DOTALL
)
_ADDRESS = re.compile(r"\bhref\s{0,9}=\s{0,9}[\"']([^\"'\s]*)[\"']", re.IGNORECASE)
_CHECKED = re.compile(r"\bdata-checked\s{0,9}=\s{0,9}[\"'](true|false)[\"']", re.IGNORECASE)
_BLOCKS = frozenset({"p", "div", "ul", "ol", "table", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6"})
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`", "tt": "`", "s": "~~", "del": "~~"}
_SILENT = frozenset({"script", "style"})


def markdown(text: str) -> str:
    """Text without tags is returned as it is."""
    if "<" not in text and "&" not in text:
        return text
    writer, at = _Writer(), 0
    for tag in _TAG.finditer(text):
        writer.say(html.unescape(text[at : tag.start()]))
        if tag["name"]:
            writer.tag(tag["name"].lower(), tag["rest"], closes=bool(tag["end"]))
        at = tag.end()
    writer.say(html.unescape(text[at:]))
    return writer.text()


class _Writer:
    def __init__(self) -> None:
        self._said: list[str] = []
        self._links: list[str] = []
        self._silent = False

    def say(self, words: str) -> None:
        if not self._silent:
            self._said.append(words)

    def tag(self, name: str, rest: str, *, closes: bool) -> None:
        if name in _SILENT:
            self._silent = not closes
        elif name == "br":
            self.say("\n")
        elif name in _BLOCKS:
            heading = name[0] == "h" and not closes
            self.say("\n\n" + ("#" * int(name[1]) + " " if heading else ""))
        elif name == "li":
            self.say("" if closes else _bullet(rest))
        elif name == "a":
            self._link(rest, closes=closes)
        else:
            self.say(_MARKS.get(name, ""))

    def text(self) -> str:
        lines = [line.rstrip() for line in "".join(self._said).split("\n")]
        return "\n".join(line for n, line in enumerate(lines) if line or (n and lines[n - 1])).strip()

    def _link(self, rest: str, *, closes: bool) -> None:
        if not closes:
            found = _ADDRESS.search(rest)
            self._links.append(html.unescape(found[1]) if found else "")
            self.say("[" if self._links[-1] else "")
        elif self._links:
            url = self._links.pop()
            self.say(f"](<{url}>)" if url else "")


def _bullet(rest: str) -> str:
    checked = _CHECKED.search(rest)
    mark = "" if checked is None else f"[{'x' if checked[1].lower() == 'true' else ' '}] "
    return f"\n- {mark}"
