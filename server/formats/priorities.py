"""Guesses a task's priority from a word for it. Shared by all importers."""

_SAYS: dict[int, str] = {
    1: "urgent; critical; blocker; highest; asap; dringend; kritisch; urgente; crítica; crítico; critique; срочно; 紧急; 緊急; 긴급",
    3: "high; important; hoch; wichtig; haute; élevée; important; alta; alto; hoog; hög; høj; høy; korkea; wysoki; высокий; 高; 높음",
    5: "medium; normal; moderate; mittel; moyenne; moyen; media; medio; média; médio; gemiddeld; medel; średni; средний; 中; 보통",
    8: "low; minor; trivial; lowest; niedrig; gering; basse; faible; baja; bajo; baixa; baixo; bassa; laag; låg; lav; niski;"
    "низкий; 低; 낮음",
}

_FIELDS = """
    priority prio priorität priorité prioridad prioridade priorità prioriteit prioritet prioriteetti priorytet приоритет
    优先级 優先度 우선순위
"""


def is_priority(field: str) -> bool:
    """Whether a field of this name tells a priority."""
    return field.strip().casefold() in _FIELDS.split()


def guess(word: str) -> int | None:
    """1 to 10, 1 highest, for a word such as "High" or "🔥 urgent"; None when it says nothing."""
    letters = "".join(char for char in word.casefold() if char.isalpha() or char.isspace())
    return next((_PRIORITY[part] for part in letters.split() if part in _PRIORITY), None)


_PRIORITY: dict[str, int] = {word.strip(): priority for priority, words in _SAYS.items() for word in words.split(";")}
