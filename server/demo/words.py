"""Words for generated boards."""

import random

PROJECTS = (
    "Website",
    "Mobile app",
    "Warehouse",
    "Support",
    "Marketing",
    "Hiring",
    "Platform",
    "Finance",
    "Research",
    "Events",
)

LABELS = (
    ("Bug", "red"),
    ("Feature", "blue"),
    ("Chore", "gray"),
    ("Customer", "green"),
    ("Waiting", "yellow"),
    ("Design", "pink"),
    ("Legal", "purple"),
    ("", "orange"),
)


def _split(words: str, sign: str = " ") -> list[str]:
    return words.split(sign)


_VERBS = _split(
    "Add Answer Book Check Clean Compare Confirm Describe Document Fix Improve Invite Measure Merge Move Order Plan Prepare Print "
    "Remove Rename Repair Replace Review Send Simplify Split Test Translate Update Verify Write"
)
_KINDS = _split(
    "annual broken customer daily empty final first hidden internal large late missing monthly new next old public second slow weekly"
)
_THINGS = _split(
    "agenda archive banner budget calendar catalogue checkout contract dashboard delivery draft export form guide index invoice label "
    "layout list mail map menu newsletter notice offer order page password payment photo price profile queue report room search "
    "shelf sign survey table ticket timetable tour translation video visit website"
)
_PLACES = _split(
    "for Berlin|for the partners|before the release|after the audit|in the app|on phones|for new people|with the printer|"
    "for the north hall|in three languages|for school classes|at the front desk|without JavaScript|for accounting",
    "|",
)
_SENTENCES = (
    "It worked last week, and nobody changed anything.",
    "Two customers asked for it on the same day.",
    "The numbers are in the shared folder.",
    "Please look at the second page before answering.",
    "I will take it tomorrow morning.",
    "We should measure first and talk afterwards.",
    "The old one can go as soon as this is there.",
    "Done on the test system, not on the real one.",
    "Who knows the password for the printer?",
    "This is smaller than it looks.",
    "That is bigger than it looks.",
    "Agreed on the phone, written down here so that we find it again.",
    "See the **last** paragraph; the rest is background.",
    "Thank you, that helped a lot!",
)


def title(chance: random.Random) -> str:
    words = [chance.choice(_VERBS), "the", chance.choice(_KINDS), chance.choice(_THINGS)]
    return " ".join(words + ([chance.choice(_PLACES)] if chance.random() < 0.6 else []))


def prose(chance: random.Random, paragraphs: int) -> str:
    """At least one sentence, at most forty paragraphs."""
    counts = (chance.randint(1, 4) for _ in range(max(1, min(paragraphs, 40))))
    return "\n\n".join(" ".join(chance.choices(_SENTENCES, k=count)) for count in counts)
