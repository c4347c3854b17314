"""Tables that are known by their headers, and what the headers of all others say. Headers are compared without case."""

from collections.abc import Mapping

import msgspec

from server.formats.choices import DateOrder, Field


class Dialect(msgspec.Struct, frozen=True, kw_only=True):
    """`signs`: the headers that tell it. `fields`: what its own headers become, the rest is guessed as everywhere. `board`: the header that
    names the board. `priorities`: its numbers, ours."""

    name: str
    signs: frozenset[str]
    fields: Mapping[str, Field]
    board: str | None = None
    date_order: DateOrder | None = None
    priorities: Mapping[str, int] = {}
    people_apart: str = ","
    labels_apart: str = ","


def _named(text: str) -> frozenset[str]:
    return frozenset(name.strip() for name in text.split(";"))


def _fields(**headers: str) -> dict[str, Field]:
    said: dict[str, Field] = {}
    for field, names in headers.items():
        said.update(dict.fromkeys(_named(names), msgspec.convert(field, Field)))
    return said


DIALECTS: tuple[Dialect, ...] = (
    Dialect(
        name="lockstep",
        signs=_named("number; title; column; status; created by; checklist"),
        fields=_fields(category="status", completed="completed"),
    ),
    Dialect(
        name="trello",
        signs=_named("card id; card name; list name"),
        board="board name",
        fields=_fields(
            title="card name",
            description="card description",
            column="list name",
            updated="last activity date",
            done="due complete",
            links="attachment links",
            table="card url",
            ignore="card id; list id; board id; board name; attachment count; checklist item total count; vote count;"
            "checklist item completed count; comment count",
        ),
    ),
    Dialect(
        name="asana",
        signs=_named("task id; section/column; completed at"),
        board="projects",
        fields=_fields(
            title="name", column="section/column", description="notes", completed="completed at", ignore="task id"
        ),
    ),
    Dialect(
        name="jira",
        signs=_named("summary; issue key; status"),
        board="project name",
        date_order="dmy",
        fields=_fields(
            title="summary",
            number="issue key",
            category="status category",
            completed="resolved",
            author="creator",
            comment="comment",
            links="attachment",
            table="reporter; issue type; components; parent; parent key; resolution; sprint",
            ignore="issue id; parent id; project key; project name; project type; project lead; project url; last viewed;"
            "project description; assignee id; reporter id; creator id; project lead id; status category changed;"
            "watchers id; custom field (rank); votes; watchers",
        ),
    ),
    Dialect(
        name="linear",
        signs=_named("id; team; title; cycle number"),
        board="team",
        fields=_fields(
            number="id",
            column="status",
            completed="completed",
            archived="archived",
            ignore="uuid; team",
            table="project",
        ),
    ),
    Dialect(name="github", signs=_named("title; url; assignees; status"), fields=_fields(links="url")),
    Dialect(
        name="kanboard",
        signs=_named("title; column name; swimlane name; creator username"),
        priorities={"0": 5, "1": 8, "2": 3, "3": 1},
        fields=_fields(
            number="reference",
            assignees="assignee username",
            author="creator username",
            column="column name",
            done="status",
            labels="tags",
            table="category name; external link",
        ),
    ),
    Dialect(
        name="kanboard",
        signs=_named("task id; swimlane; column; title; creator"),
        board="project",
        priorities={"0": 5, "1": 8, "2": 3, "3": 1},
        fields=_fields(
            number="task id",
            assignees="assignee username",
            author="creator",
            column="column",
            done="status",
            created="creation date",
            updated="modification date",
            completed="completion date",
            labels="tags",
            table="category",
            ignore="position; project; creator name; assignee name",
        ),
    ),
    Dialect(
        name="wekan",
        signs=_named("title; stage; owner; members"),
        date_order="mdy",
        people_apart=" ",
        labels_apart=" ",
        fields=_fields(author="owner", column="stage", table="finish date"),
    ),
    Dialect(
        name="ticktick",
        signs=_named("folder name; list name; title; taskid"),
        priorities={"0": 5, "1": 8, "3": 5, "5": 3},
        fields=_fields(
            number="taskid",
            description="content",
            done="status",
            column="list name",
            completed="completed time",
            created="created time",
            table="folder name; repeat; reminder",
            ignore="is check list; kind; timezone; is all day; is floating; order; column name; column order; view mode;"
            "parentid",
        ),
    ),
)

GENERAL: dict[str, Field] = _fields(
    title="title; name; summary; task; task name; card; card name; card title; subject; issue; todo; item; titel; aufgabe;"
    "betreff; zusammenfassung; bezeichnung; titre; nom; tâche; título; nombre; tarea; tarefa; titolo; attività; taak",
    description="description; desc; body; notes; note; details; content; beschreibung; notizen; notiz; inhalt; descripción;"
    "descrição; descrizione; omschrijving",
    column="status; state; list; list name; column; column name; stage; section; section/column; bucket; bucket name; phase;"
    "spalte; liste; zustand; abschnitt; statut; état; colonne; estado; columna; stato; colonna",
    labels="labels; label; tags; tag; categories; category; kategorie; kategorien; schlagwörter; etiketten; étiquettes;"
    "etiquetas; etichette",
    assignees="assignee; assignees; assigned; assigned to; members; member; responsible; zuständig; verantwortlich; bearbeiter;"
    "mitglieder; zugewiesen; zugewiesen an; assigné à; asignado a; assegnato a",
    assignee_email="assignee email; assignee e-mail",
    author="author; creator; created by; reporter; ersteller; autor; erstellt von; auteur",
    start="start; start date; starts; begin; startdatum; beginn; start am; date de début; fecha de inicio",
    due="due; due date; due at; deadline; end date; fällig; fällig am; fälligkeit; fälligkeitsdatum; frist; termin; échéance;"
    "date d'échéance; fecha de vencimiento; scadenza; vervaldatum",
    created="created; created at; created on; created date; created time; date created; creation date; erstellt; erstellt am",
    updated="updated; updated at; modified; last modified; last activity; last activity date; modification date; changed;"
    "aktualisiert; geändert; geändert am; updated date",
    completed="completed at; completed on; completed date; completed time; closed at; resolved; finished; finish date; done at;"
    "completion date; erledigt am; abgeschlossen am",
    done="done; complete; completed; is completed; closed; checked; erledigt; abgeschlossen; fertig; due complete",
    archived="archived; archiviert; archivé; archivado",
    number="id; key; number; #; no; nr; nr.; nummer; ticket; issue key",
    checklist="checklist; checklist items; subtasks; checkliste; unteraufgaben",
    comment="comment; comments; kommentar; kommentare",
    links="attachment; attachments; attachment links; links; anhang; anhänge",
)
