"""A column's name tells its category in many languages, and what only sounds like it does not."""

import pytest

from server.domain.records import Category
from server.formats import priorities
from server.formats.categories import guess


@pytest.mark.parametrize(
    ("category", "names"),
    [
        (
            "completed",
            "Done|DONE!|✅ Done|5. Done|Done: week 12|Done (March)|Sprint 3 - Done|Shipped|Live|Completed tasks",
        ),
        (
            "completed",
            "Erledigt|Terminé|Hecho|Concluído|Fatto|Klaar|Klar|Valmis|Zrobione|Hotovo|Kész|Готово|完了|已完成|완료",
        ),
        (
            "in_progress",
            "Doing|In Progress|in-progress|WIP|🚧 In progress (max 3)|Code review|QA|Blocked|In Arbeit|En cours",
        ),
        ("in_progress", "En curso|Em andamento|In corso|Bezig|Pågår|Kesken|W trakcie|В работе|進行中|进行中|진행중"),
        ("backlog", "Backlog|Product Backlog|Ideas|Ideas for later|Icebox|Ideen|Idées|Бэклог|バックログ|백로그"),
        (
            None,
            "To do|To-Do|Todo|This week|Next|Not done|Definition of done|Ready to be released|Live events|Completeness|",
        ),
        (None, "À faire|Offen|Pendiente|A fazer|Da fare|未着手|待办|할 일|2026|🎉"),
    ],
)
def test_names_say_their_category(category: Category | None, names: str) -> None:
    assert {name: guess(name) for name in names.split("|")} == dict.fromkeys(names.split("|"), category)


def test_words_say_their_priority() -> None:
    said = {
        word: priorities.guess(word) for word in ("Highest", "🔴 High", "P2 - medium", "niedrig", "低", "", "Tuesday")
    }
    assert said == {"Highest": 1, "🔴 High": 3, "P2 - medium": 5, "niedrig": 8, "低": 8, "": None, "Tuesday": None}
    assert priorities.is_priority(" Priorität ") and not priorities.is_priority("Effort")
