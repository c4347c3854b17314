"""HTML that people wrote with an editor comes out as Markdown."""

import pytest

from server.formats.markup import markdown


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Plain *text*\nas it is", "Plain *text*\nas it is"),
        ("<p>One</p><p>Two<br>lines</p>", "One\n\nTwo\nlines"),
        ("<h2>Head</h2><ul><li>a</li><li><b>b</b></li></ul>", "## Head\n\n- a\n- **b**"),
        ('<li data-checked="true">Done</li><li data-checked="false">Open</li>', "- [x] Done\n- [ ] Open"),
        ('<a href="https://a.example">Site</a> &amp; <code>x &lt; y</code>', "[Site](<https://a.example>) & `x < y`"),
        ("<script>alert(1)</script><style>a{}</style>Words", "Words"),
        ("a < b", "a < b"),
    ],
)
def test_html_becomes_markdown(html: str, text: str) -> None:
    assert markdown(html) == text


@pytest.mark.parametrize(
    "piece", ["<", "<!--", "<a ", "</", "<a href='", "&", "<![", "<?", "<script>", "<p>", "<a a='a' "]
)
def test_what_is_wrong_a_hundred_thousand_times_is_read_all_the_same(piece: str) -> None:
    assert isinstance(markdown(piece * 100_000), str)
