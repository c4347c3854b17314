"""Opens the file: an RSS of issues, without anything that could make it grow."""

import re
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from server.domain.errors import Invalid

_FORBIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|&#(?:x0*[0-8bcefBCEF]|x0*1[0-9a-fA-F]|0*(?:[0-8]|1[12]|1[4-9]|2\d|3[01]));"
)
_WHAT = "The file is not Jira's XML of issues"


def opened(content: bytes) -> list[Element]:
    """The issues. Raises `Invalid`, with line and column when it is not XML."""
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Invalid(f"{_WHAT}: it declares entities, which Jira does not.")
    text = _FORBIDDEN.sub("", content.decode("utf-8-sig", "replace"))
    try:
        document = ElementTree.fromstring(text.encode())
    except ElementTree.ParseError as wrong:
        line, column = wrong.position
        raise Invalid(f"{_WHAT} (line {line}, column {column + 1}).") from None
    except (ValueError, LookupError):
        raise Invalid(f"{_WHAT}.") from None
    issues = document.findall("./channel/item")
    if not issues:
        raise Invalid(f"{_WHAT}: it holds none.")
    return issues
