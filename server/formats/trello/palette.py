"""Trello's thirty colours of labels brought to the palette."""

from server.formats.report import Findings

_PALETTE: dict[str, str] = {
    "green": "green",
    "yellow": "yellow",
    "orange": "orange",
    "red": "red",
    "purple": "purple",
    "blue": "blue",
    "sky": "teal",
    "lime": "green",
    "pink": "pink",
    "black": "gray",
}


def nearest(color: str, findings: Findings) -> str:
    """The colour of ours for one of theirs."""
    hue = color.removesuffix("_dark").removesuffix("_light")
    if _PALETTE.get(hue) != color:
        findings.mapped("Label colours were brought to the nearest of the palette.", color)
    return _PALETTE.get(hue, "gray")
