"""HTML that other programs keep as text, as Markdown. Shared by all importers.

Only what people write with their editors: paragraphs, lists, headings, emphasis, code, links. The rest is left to its words.
"""

from html.parser import HTMLParser

_BLOCKS = frozenset({"p", "div", "ul", "ol", "table", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6"})
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*", "code": "`", "tt": "`", "s": "~~", "del": "~~"}
_SILENT = frozenset({"script", "style"})


def markdown(html: str) -> str:
    """Text without tags is returned as it is."""
    if "<" not in html and "&" not in html:
        return html
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = "".join(reader.said).split("\n")
    return "\n".join(
        line.rstrip() for n, line in enumerate(lines) if line.strip() or (n and lines[n - 1].strip())
    ).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._links: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _SILENT:
            self._silent += 1
        elif tag == "br":
            self.said.append("\n")
        elif tag == "li":
            done = given.get("data-checked") or given.get("checked")
            self.said.append("\n- " if done is None else f"\n- [{'x' if done == 'true' else ' '}] ")
        elif tag == "a":
            self._links.append(given.get("href") or "")
            self.said.append("[" if self._links[-1] else "")
        elif tag in _BLOCKS:
            self.said.append("\n\n" + ("#" * int(tag[1]) + " " if tag[0] == "h" and len(tag) == 2 else ""))
        else:
            self.said.append(_MARKS.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag == "a" and self._links:
            url = self._links.pop()
            self.said.append(f"](<{url}>)" if url else "")
        elif tag in _BLOCKS:
            self.said.append("\n\n")
        else:
            self.said.append(_MARKS.get(tag, ""))

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(data)
