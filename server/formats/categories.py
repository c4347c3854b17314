"""Guesses a column's category from the name that people gave it, in the languages boards are kept in.

Shared by all importers.
"""

import re
import unicodedata

from server.domain.records import Category

# A phrase with `*` may be followed by more words ("Done last week"), the others stand alone ("Live", unlike "Live events").
_SAYS: dict[Category, str] = {
    "completed": """
        done*; all done; complete; completed*; finished*; closed; resolved; released; shipped; deployed;
        delivered; published; launched; live; accepted; in production; erledigt*; fertig*; abgeschlossen*;
        veröffentlicht; terminé; terminée; terminés; terminées; fini; fait*; livré; achevé; hecho*; hechas;
        hechos; terminado; terminada; terminadas; completado; completada; completadas; finalizado; listo; feito*;
        feitas; concluído*; concluída; concluidas; concluídas; pronto; fatto*; finito; completato; completate;
        completati; concluso; klaar*; gereed; afgerond; voltooid; gedaan; klar; färdig; färdigt; ferdig;
        fullført; færdig; afsluttet; valmis; valmiit; tehty; zrobione*; gotowe; ukończone; zakończone; hotovo*;
        hotové; dokončeno; kész; elkészült; tamamlandı; bitti; yapıldı; готово*; сделано*; завершено; выполнено*;
        зроблено*; виконано*; 完了*; 完成*; 済; 已完成*; 完毕; 완료*; 끝
    """,
    "in_progress": """
        doing*; in progress*; in work; wip; work in progress*; working on*; started; ongoing; active; developing;
        in development; development; review; reviewing; in review*; code review*; peer review; ready for review;
        testing; in testing; qa; verify; verification; validation; staging; blocked*; waiting*; on hold;
        in bearbeitung*; in arbeit*; laufend; läuft; in prüfung; prüfung; wartet*; blockiert; en cours*;
        en attente*; à valider; en revue; en curso*; en progreso*; en proceso*; haciendo; en revisión;
        em andamento*; em progresso*; fazendo; em curso; em revisão; in corso*; in lavorazione*; in revisione;
        bezig*; mee bezig; in uitvoering; pågår; pågående; i gang; igangværende; kesken; käynnissä; työn alla;
        w trakcie*; w toku; probíhá; rozpracováno; folyamatban; devam ediyor; yapılıyor; в работе*; в процессе*;
        делается; у роботі; в роботі; 進行中*; 作業中*; 対応中*; 进行中*; 處理中*; 处理中*; 진행 중*; 진행중*; 하는 중
    """,
    "backlog": """
        backlog*; icebox; ideas*; idea; idea box; someday*; maybe; later*; inbox; wishlist; wish list;
        parking lot; future; ideen*; ideenspeicher; themenspeicher; später*; irgendwann*; idées*; boîte à idées;
        plus tard; algún día; más tarde; ideias*; algum dia; idee; più avanti; un giorno; ideeën; ooit; idéer;
        senare; ideat; ideoita; pomysły; kiedyś; nápady; někdy; ötletek; fikirler; бэклог*; идеи*; когда нибудь;
        потом; беклог*; ідеї; バックログ*; アイデア*; いつか; 想法*; 需求池*; 백로그*; 아이디어*
    """,
}

_LONG = 200
_NUMBERS_AND_SIGNS = re.compile(r"[^\w\s]|[\d_]")
_BETWEEN_PARTS = re.compile(r"\s[-–—]\s|[:;|/()\[\]{}]")
_WRITTEN_WITHOUT_SPACES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def guess(name: str) -> Category | None:
    """The category that a column's name says, or None when it says none (most such columns hold work to do).

    A part of the name must say it from its beginning, as in "✅ Done: week 12" and "Sprint 3 - Done", unlike "Definition of done" and
    "Ready to be released". Only "backlog" may stand anywhere ("Product backlog").
    """
    parts = [words for words in map(_words, _BETWEEN_PARTS.split(name[:_LONG])) if words]
    for category, phrases in _PHRASES.items():
        if any(_says(part, *phrase) for part in parts for phrase in phrases):
            return category
    return "backlog" if any("backlog" in part.split() for part in parts) else None


def _words(value: str) -> str:
    return " ".join(_NUMBERS_AND_SIGNS.sub(" ", unicodedata.normalize("NFKC", value)).casefold().split())


def _says(part: str, phrase: str, more: bool) -> bool:
    spaced = "" if _WRITTEN_WITHOUT_SPACES.search(phrase) else " "
    return part == phrase or (more and part.startswith(phrase + spaced))


_PHRASES: dict[Category, tuple[tuple[str, bool], ...]] = {
    category: tuple((_words(phrase), phrase.strip().endswith("*")) for phrase in says.split(";"))
    for category, says in _SAYS.items()
}
