"""CSV as programs and people write it: which encoding, delimiter, headers, dates and dialect, and what is wrong in which line."""

from uuid import UUID

import pytest

from server.domain.errors import Invalid
from server.domain.records import ChecklistItem, Column, Comment, Description, Label, Member, Task
from server.formats.report import Person, Table, Translation
from tests.formats.boards import note, only, read, records


def table(made: Translation) -> Table:
    assert made.table is not None
    return made.table


def titles(made: Translation) -> list[str]:
    return [task.title for task in records(made, Task)]


@pytest.mark.parametrize(
    ("content", "delimiter", "encoding"),
    [
        ("Title,Status\nGrüße,Done\n".encode(), ",", "utf-8"),
        ("Title;Status\nGrüße;Done\n".encode("utf-8-sig"), ";", "utf-8"),
        ("Title\tStatus\r\nGrüße\tDone\r\n".encode("utf-16"), "\t", "utf-16"),
        ("Title|Status\nGrüße|Done".encode("cp1252"), "|", "cp1252"),
        ("sep=;\nTitle;Status\nGrüße;Done\n".encode(), ";", "utf-8"),
        ('Title,Status\rGrüße,"Done"\r'.encode(), ",", "utf-8"),
    ],
)
def test_encoding_and_delimiter_are_found(content: bytes, delimiter: str, encoding: str) -> None:
    made = read("csv", content)
    assert titles(made) == ["Grüße"]
    assert only(made, Column).category == "completed"
    assert (table(made).delimiter, table(made).encoding) == (delimiter, encoding)


def test_what_was_chosen_goes_before_what_was_found() -> None:
    content = "Title;A,B\nGr\xfc\xdfe;05/06/2026,x".encode("cp1252")
    made = read("csv", content, delimiter=";", encoding="cp1252", columns={"Title": "table", "A,B": "title"})
    assert titles(made) == ["05/06/2026,x"]
    assert only(made, Description).text.endswith("| Title | Grüße |")
    assert table(made).columns == {"Title": "table", "A,B": "title"}


def test_the_preview_shows_headers_guesses_and_the_first_rows() -> None:
    made = read("csv", b"Name,Status,Fuel,E-mail\n" + b"Car,Doing,Diesel,ann@example.com\n" * 30)
    assert table(made) == Table(
        headers=("Name", "Status", "Fuel", "E-mail"),
        columns={"Name": "title", "Status": "column", "Fuel": "table", "E-mail": "ignore"},
        rows=(("Car", "Doing", "Diesel", "…@example.com"),) * 10,
        delimiter=",",
        encoding="utf-8",
        date_order="ymd",
    )
    assert note(made.report.dropped, "Cells of columns").count == 30
    assert "ann@example.com" not in repr(made.records)


@pytest.mark.parametrize(
    ("dates", "order", "due", "guessed"),
    [
        (["2026-03-05", "2026-03-13T09:30:00+01:00"], "ymd", ["2026-03-05", "2026-03-13T08:30:00Z"], False),
        (["05/03/2026", "13/03/2026"], "dmy", ["2026-03-05", "2026-03-13"], False),
        (["05/03/2026 2:30 PM", "05/13/2026"], "mdy", ["2026-05-03T14:30:00Z", "2026-05-13"], False),
        (["05/03/2026", "06/03/2026"], "mdy", ["2026-05-03", "2026-06-03"], True),
        (["5.3.26", "6.3.26"], "dmy", ["2026-03-05", "2026-03-06"], True),
        (["13/03/2026", "03/14/2026", "14/03/2026"], "dmy", ["2026-03-13", "2026-03-14", "2026-03-14"], True),
        (["09/Jan/24 3:54 PM", "Tue, 9. März 2024"], "ymd", ["2024-01-09T15:54:00Z", "2024-03-09"], False),
        (["Jan 9, 2024 12:05 am", "9 Mai 2024"], "ymd", ["2024-01-09T00:05:00Z", "2024-05-09"], False),
        (["2026/3/5 10:00:00", "2026.03.05"], "ymd", ["2026-03-05T10:00:00Z", "2026-03-05"], False),
    ],
)
def test_dates_are_read_in_the_order_that_all_of_them_tell(
    dates: list[str], order: str, due: list[str], guessed: bool
) -> None:
    made = read("csv", "\n".join(["Title;Due date", *(f"T;{date}" for date in dates)]).encode())
    assert [task.due_at for task in records(made, Task)] == due
    assert table(made).date_order == order
    told = [each.text for each in made.report.guessed if "order" in each.text or "comes first" in each.text]
    assert bool(told) == guessed


def test_the_order_of_dates_can_be_chosen() -> None:
    made = read("csv", b"Title,Due\nA,05/03/2026\n", date_order="dmy")
    assert only(made, Task).due_at == "2026-03-05"
    assert "comes first" not in repr(made.report.guessed)


def test_dates_that_cannot_be_read_are_told_with_line_and_column() -> None:
    made = read("csv", b"Title,Due date,Created\nA,soon,\nB,30/02/2026,2026-01-01\n")
    assert [task.due_at for task in records(made, Task)] == [None, None]
    assert note(made.report.dropped, "Dates that cannot").examples == (
        "line 2, Due date: soon",
        "line 3, Due date: 30/02/2026",
    )


def test_lines_are_those_of_the_file_also_after_cells_of_several_lines() -> None:
    made = read("csv", b'Title,Notes,Due\n"A","one\n\ntwo",\n\nB,,soon\n')
    assert note(made.report.dropped, "Dates that cannot").examples == ("line 6, Due: soon",)
    assert only(made, Description).text == "one\n\ntwo"


def test_cells_beyond_the_headers_and_headers_that_come_twice_are_told() -> None:
    made = read("csv", b"Title,Note,Note,Size,Size\nA,x,y,1,2,beyond,,far\n")
    assert only(made, Description).text == "x\n\ny\n\n| Field | Value |\n| --- | --- |\n| Size | 1 |\n| Size | 2 |"
    assert note(made.report.mapped, "Columns of the same name").examples == ("Note", "Size")
    assert (note(made.report.dropped, "Cells beyond").count, note(made.report.dropped, "Cells beyond").examples) == (
        2,
        ("line 2",),
    )


def test_guards_against_formulas_are_taken_off_and_formulas_are_only_text() -> None:
    made = read("csv", b"Title,Notes\n'=1+1,'+49 30 1234\n=HYPERLINK(\"x\"),'quoted'\n")
    assert titles(made) == ["=1+1", '=HYPERLINK("x")']
    assert [each.text for each in records(made, Description)] == ["+49 30 1234", "'quoted'"]
    assert note(made.report.mapped, "Cells that were guarded").count == 2


def test_nul_and_control_characters_are_left_out() -> None:
    made = read("csv", b"Title,Status\nA\x00B\x07C,Do\x00ne\n")
    assert (titles(made), only(made, Column).name) == (["ABC"], "Done")
    assert note(made.report.dropped, "NUL characters").examples == ("line 2",)


def test_a_cell_of_ten_megabytes_is_cut_and_told() -> None:
    made = read("csv", b'Title,Notes\nA,"' + b"many, words " * 900_000 + b'"\nB,\n')
    assert titles(made) == ["A", "B"]
    assert len(only(made, Description).text) <= 50_000
    assert note(made.report.dropped, "The end of descriptions").examples == ("A",)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\n \n,,\n", "empty"),
        (b"Title,Status\n", "no line with a task"),
        (b"Status,Due date\nDone,2026-01-01\n", "titles"),
        (b"1,2\n3,4\n", "titles"),
        (b"Title\nA" + b"," * 20_000 + b"\n", "Line 2 has over 16,384 cells"),
        (b"Title\nA\n" + b"x" * 17_000_000, "Line 3: a cell"),
    ],
)
def test_what_is_no_table_of_tasks_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(Invalid) as refused:
        read("csv", content)
    assert says in refused.value.message


def test_a_quotation_mark_that_is_never_closed_is_told() -> None:
    made = read("csv", b'Title,Status\nA,Done\n"B,Done\nC,Done\n')
    assert titles(made) == ["A", "B,Done C,Done"]
    assert note(made.report.guessed, "Where the last cell ends").examples == ("line 4",)


def test_a_list_of_titles_needs_no_headers() -> None:
    assert titles(read("csv", b"Task\nMilk\nBread\n")) == ["Milk", "Bread"]
    made = read("csv", b"1,Milk,\n2,Bread,\n")
    assert titles(made) == ["Milk", "Bread"]
    assert {each.text.split(":")[0] for each in made.report.guessed} >= {
        "The headers",
        "Which column holds the titles.",
    }


def test_done_tasks_come_into_a_completed_column_and_keep_where_they_were() -> None:
    made = read("csv", b"Title,Status,Done\nA,Doing,yes\nB,Doing,no\nC,Erledigt,yes\n")
    names = {column.id: (column.name, column.category) for column in records(made, Column)}
    assert [names[task.column_id] for task in records(made, Task)] == [
        ("Erledigt", "completed"),
        ("Doing", "in_progress"),
        ("Erledigt", "completed"),
    ]
    assert "| Status | Doing |" in only(made, Description).text


def test_columns_come_in_the_order_of_a_tasks_way() -> None:
    made = read("csv", b"Title,Status\nA,Done\nB,Doing\nC,Odd\nD,Backlog\nE,To do\n")
    columns = sorted(records(made, Column), key=lambda column: column.rank)
    assert [column.name for column in columns] == ["Backlog", "Odd", "To do", "Doing", "Done"]


def test_people_are_known_by_name_or_address_whatever_the_case() -> None:
    made = read("csv", b'Title,Assignees,Author\nA,"Ann Lee; ben@example.com",ANN LEE\nB,"Ben@Example.com",\n')
    assert [member.name for member in records(made, Member)] == ["Ann Lee", "ben"]
    ann, ben = made.people
    assert (ann, ben) == (Person("ann lee", "Ann Lee"), Person(ben.id, "ben", "ben@example.com"))
    assert "ben@" not in repr((made.records, made.report, made.table, ben.id))


def test_somebody_known_by_an_address_can_be_chosen_too() -> None:
    content = b"Title,Assignee\nA,ben@example.com\n"
    (ben,) = read("csv", content).people
    member = UUID(int=7)
    made = read("csv", content, people={ben.id: member})
    assert only(made, Task).assignee_ids == (member,) and not records(made, Member)


def test_a_comma_belongs_to_the_name_of_one_person() -> None:
    assert only(read("csv", b'Title,Assignee\nA,"Lee, Ann"\n'), Member).name == "Lee, Ann"


def test_labels_with_and_without_colours() -> None:
    made = read("csv", b'Title,Labels\nA,"Bug (red), follow-up, API (v2)"\nB,"bug; Later-blue"\n')
    assert [(label.name, label.color) for label in records(made, Label)] == [
        ("Bug", "red"),
        ("follow-up", "orange"),
        ("API (v2)", "yellow"),
        ("Later", "blue"),
    ]
    assert len(records(made, Task)[1].label_ids) == 2


def test_trello() -> None:
    made = read(
        "csv",
        b"Card ID,Card Name,Card URL,Card Description,Labels,Members,Due Date,Attachment Links,List ID,List Name,Board Name,"
        b'Archived,Due Complete,Size\nx1,Ship,https://t.example/c/1,Why,"Bug (red)",ann,2026-03-05T10:00:00.000Z,'
        b"https://a.example/plan.pdf,l,Doing,Plans,true,false,3\n",
    )
    task = only(made, Task)
    assert (made.name, table(made).dialect, task.title, task.due_at) == (
        "Plans",
        "trello",
        "Ship",
        "2026-03-05T10:00:00Z",
    )
    assert task.archived_at is not None and only(made, Label).color == "red" and only(made, Member).name == "ann"
    assert "- [plan.pdf](<https://a.example/plan.pdf>)" in only(made, Description).text
    assert "| Size | 3 |" in only(made, Description).text


def test_asana() -> None:
    made = read(
        "csv",
        b"Task ID,Created At,Completed At,Last Modified,Name,Section/Column,Assignee,Assignee Email,Start Date,Due Date,Tags,"
        b"Notes,Projects,Parent task\n1204,2026-01-02,2026-02-03,2026-02-04,Ship,Doing,Ann Lee,ann@example.com,,2026-03-05,"
        b"web,Why,Plans,Launch\n",
    )
    task, names = only(made, Task), {column.id: column.name for column in records(made, Column)}
    assert (made.name, table(made).dialect) == ("Plans", "asana")
    assert (names[task.column_id], *names.values()) == ("Done", "Doing", "Done")
    assert task.completed_at is not None and task.completed_at.day == 3 and task.created_at.day == 2
    assert made.people == (Person("ann lee", "Ann Lee", "ann@example.com"),)
    assert "| Parent task | Launch |" in only(made, Description).text


def test_jira_with_its_repeated_headers() -> None:
    made = read(
        "csv",
        (
            "\ufeffSummary,Issue key,Issue id,Status,Project name,Priority,Assignee,Assignee Id,Creator,Created,Labels,Labels,"
            "Comment,Comment,Attachment,Custom field (Story points),Status Category\r\n"
            "Ship,WEB-42,10008,Ready,Website,Highest,Ann Lee,5570,Ben,09/Jan/24 3:54 PM,web,shop,"
            '"10/Jan/24 8:00 AM;Ben;First; and more",Only words,"09/Jan/24 4:00 PM;Ben;plan.pdf;https://j.example/1/plan.pdf",'
            "3,Done\r\n"
        ).encode(),
    )
    task, names = only(made, Task), {member.id: member.name for member in records(made, Member)}
    assert (made.name, table(made).dialect, task.number, task.priority) == ("Website", "jira", 42, 1)
    assert only(made, Column).category == "completed"
    assert [label.name for label in records(made, Label)] == ["web", "shop"] and len(task.label_ids) == 2
    assert [(each.text, names.get(each.author_id) if each.author_id else None) for each in records(made, Comment)] == [
        ("Only words", None),
        ("First; and more", "Ben"),
    ]
    described = only(made, Description).text
    assert "| Issue key | WEB-42 |" in described and "| Custom field (Story points) | 3 |" in described
    assert "- [plan.pdf](<https://j.example/1/plan.pdf>)" in described
    assert task.created_by and names[task.created_by] == "Ben"


def test_linear() -> None:
    made = read(
        "csv",
        b"ID,Team,Title,Description,Status,Estimate,Priority,Project,Creator,Assignee,Labels,Cycle Number,Created,Archived\n"
        b'WEB-7,Web,Ship,Why,Todo,3,Urgent,Launch,ann,ben,"Bug, Web",4,2026-01-02T08:00:00.000Z,2026-02-01T00:00:00.000Z\n'
        b"WEB-8,Web,Rest,,Todo,,No priority,,ann,,,,2026-01-02T08:00:00.000Z,\n",
    )
    first, second = records(made, Task)
    assert (made.name, table(made).dialect, first.number, first.priority, second.priority) == ("Web", "linear", 7, 1, 5)
    assert first.archived_at is not None and first.archived_at.month == 2 and second.archived_at is None
    assert "| Project | Launch |" in records(made, Description)[0].text


def test_github_as_tabs() -> None:
    made = read(
        "csv",
        b"Title\tURL\tAssignees\tStatus\tLabels\nShip\thttps://g.example/i/7\tann, ben\tIn Progress\tbug\n",
    )
    assert table(made).dialect == "github" and len(only(made, Task).assignee_ids) == 2
    assert "- [7](<https://g.example/i/7>)" in only(made, Description).text


def test_kanboard() -> None:
    made = read(
        "csv",
        b"Reference,Title,Description,Assignee Username,Creator Username,Color Name,Column Name,Category Name,Swimlane Name,"
        b"Complexity,Time Estimated,Time Spent,Start Date,Due Date,Priority,Status,Tags,External Link\n"
        b'7,Ship,Why,ann,ben,yellow,Work in progress,Web,Default,2,,,2026-01-02,2026-03-05 10:00,3,open,"a,b",\n',
    )
    task = only(made, Task)
    assert (table(made).dialect, task.number, task.priority, task.due_at) == ("kanboard", 7, 1, "2026-03-05T10:00:00Z")
    assert only(made, Column).category == "in_progress" and len(task.label_ids) == 2
    assert "| Category Name | Web |" in only(made, Description).text


def test_wekan_writes_the_month_first() -> None:
    made = read(
        "csv",
        b"Title\tDescription\tStage\tOwner\tMembers\tLabels\tDue Date\tstart date\tfinish date\tcreated at\tupdated at\n"
        b"Ship\tWhy\tStage 1\tann\tann ben\tBug-red Web\t05/06/2020\t03/04/2020\t05/03/2020\t03/02/2020\t05/03/2020\n",
    )
    task = only(made, Task)
    assert (table(made).dialect, task.due_at, task.start_at) == ("wekan", "2020-05-06", "2020-03-04")
    assert [(label.name, label.color) for label in records(made, Label)] == [("Bug", "red"), ("Web", "orange")]
    assert len(task.assignee_ids) == 2 and "| finish date | 05/03/2020 |" in only(made, Description).text


def test_ticktick_with_its_preface() -> None:
    made = read(
        "csv",
        '\ufeff"Date: 2026-02-27+0000"\n"Version: 7.1"\n"Status: \n0 Normal\n1 Completed"\n'
        '"Folder Name","List Name","Title","Kind","Tags","Content","Is Check list","Start Date","Due Date","Priority","Status",'
        '"Created Time","Completed Time","Timezone","Is All Day","Column Name","taskId","parentId"\n'
        '"Work","Web","Ship","CHECKLIST","a, b","▫Open\n▪Shut","Y","","2018-12-11T23:00:00+0000","5","0",'
        '"2022-10-09T15:09:48+0000","","Europe/Berlin","true","","1",""\n'
        '"Work","Web","Test","TEXT","","Two\nlines","N","","2026-02-27 14:59:52","0","2","2026-02-15 09:30:00",'
        '"2026-02-25 16:45:30","","false","","2","1"\n'.encode(),
    )
    first, second = records(made, Task)
    names = {column.id: column.name for column in records(made, Column)}
    assert table(made).dialect == "ticktick"
    assert (first.number, first.priority, first.due_at, names[first.column_id]) == (1, 3, "2018-12-12", "Web")
    assert (second.due_at, names[second.column_id]) == ("2026-02-27T14:59:52Z", "Done")
    assert second.completed_at is not None and second.completed_at.day == 25
    assert [(item.text, item.done) for item in records(made, ChecklistItem)] == [("Open", False), ("Shut", True)]
    assert "| Parent | Ship |" in records(made, Description)[1].text
    assert note(made.report.dropped, "Lines before the headers").count == 3


def test_many_rows_keep_their_order() -> None:
    made = read("csv", ("Title\n" + "\n".join(f"Task {n}" for n in range(20_000))).encode())
    tasks = records(made, Task)
    assert len(tasks) == 20_000 and [task.title for task in sorted(tasks, key=lambda task: task.rank)] == titles(made)


def test_our_own_table_comes_back() -> None:
    made = read(
        "csv",
        b"Number,Title,Column,Status,Priority,Labels,Assignees,Start,Due,Completed,Archived,Created,Created by,Updated,"
        b"Description,Checklist\r\n"
        b'7,\'=Ship,Shelf,completed,3,"a, b",Ann Lee,,2026-03-05,2026-03-04T10:00:00Z,2026-03-06T10:00:00Z,'
        b'2026-03-01T10:00:00Z,Ben,2026-03-06T10:00:00Z,"Why\n\nand how","[x] Build\n[ ] Test"\r\n',
    )
    task = only(made, Task)
    assert table(made).dialect == "lockstep"
    assert (only(made, Column).name, only(made, Column).category) == ("Shelf", "completed")
    assert (task.number, task.title, task.priority, task.due_at) == (7, "=Ship", 3, "2026-03-05")
    assert task.completed_at and task.archived_at and (task.completed_at.day, task.archived_at.day) == (4, 6)
    assert [(item.text, item.done) for item in records(made, ChecklistItem)] == [("Build", True), ("Test", False)]
    assert only(made, Description).text == "Why\n\nand how"
    assert not made.report.dropped


def test_of_two_headers_that_mean_the_same_the_first_counts() -> None:
    made = read("csv", b"Title,List,Status,Name\nA,Web,Doing,B\n")
    assert (only(made, Task).title, only(made, Column).name) == ("A", "Web")
    assert only(made, Description).text.splitlines()[2:] == ["| Status | Doing |", "| Name | B |"]


@pytest.mark.parametrize(
    "cell",
    [
        "a" + " " * 2_000_000 + "b",
        "1/1/2026 10:00" + " " * 2_000_000 + "x",
        "a@" + "." * 2_000_000 + "@",
        "a:b;" * 500_000,
    ],
)
def test_long_cells_take_no_longer_than_they_are(cell: str) -> None:
    row = ",".join(f'"{each}"' for each in [cell] * 7)
    made = read("csv", f"Title,Status,Labels,Assignee,Due,Comment,Checklist\n{row}\n".encode())
    assert len(records(made, Task)) == 1


def test_a_column_that_is_none_of_the_board_is_refused_by_name() -> None:
    content = "Title,Status\n" + "\n".join(f"A,{n} words" for n in range(301))
    with pytest.raises(Invalid, match="“Status” names over 300"):
        read("csv", content.encode())
    assert len(records(read("csv", content.encode(), columns={"Status": "table"}), Task)) == 301
