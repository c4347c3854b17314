"""Colours that others name, brought to the palette by the hue that their name holds. Shared by all importers."""

import re

from server.domain.text import LABEL_COLORS
from server.formats.report import Findings

_HUES: dict[str, str] = {
    **{color: color for color in LABEL_COLORS},
    "sky": "teal",
    "lime": "green",
    "black": "gray",
    **dict.fromkeys(("crimson", "ruby", "burgundy", "cherry", "tomato", "rot", "danger"), "red"),
    **dict.fromkeys(
        ("peachpuff", "saddlebrown", "brown", "pumpkin", "peel", "sand", "cocoa", "mud", "amber"), "orange"
    ),
    **dict.fromkeys(("gold", "egg", "sun", "lemon"), "yellow"),
    **dict.fromkeys(("darkgreen", "grass", "moss", "olive", "emerald", "mint"), "green"),
    **dict.fromkeys(("paleturquoise", "turquoise", "cyan", "lagoon", "lagune", "aqua"), "teal"),
    **dict.fromkeys(("navy", "slateblue", "indigo", "azure", "midnight"), "blue"),
    **dict.fromkeys(("plum", "magenta", "violet", "lavender", "grape"), "purple"),
    **dict.fromkeys(("mistyrose", "rose", "tulip", "piggy"), "pink"),
    **dict.fromkeys(("silver", "grey", "white", "granite", "stone", "concrete", "metal"), "gray"),
}


def is_known(color: str) -> bool:
    """Whether a word is the name of a colour."""
    return any(word in _HUES for word in _words(color))


def nearest(color: str, findings: Findings) -> str:
    """The colour of the palette for a name such as `sky_dark` or `berry-red`; the last hue in it counts, gray when it holds none."""
    hue = next((_HUES[word] for word in reversed(_words(color)) if word in _HUES), "gray")
    if hue != color:
        findings.mapped("Label colours were brought to the nearest of the palette.", color)
    return hue


def _words(color: str) -> list[str]:
    return re.split(r"[^a-z]+", color.strip().lower())
