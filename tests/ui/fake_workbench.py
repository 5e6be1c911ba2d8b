"""An in-memory workbench: generated rows of any number, hostile text on request, every call noted."""

from __future__ import annotations

import threading
from array import array
from collections import Counter
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from followertui.domain.decision import ActionKind, Decision, Executor, PlanState
from followertui.domain.errors import BadInput, BadQuery
from followertui.domain.judgement import AccountType
from followertui.domain.kind import Kind, KindSource
from followertui.domain.match import Band, Evidence, MatchRelation, MatchState
from followertui.domain.progress import Progress
from followertui.domain.query import Completion
from followertui.domain.stopping import Stop, StopReason
from followertui.services.intake.values import AboutUs, ImportChoices, ImportReport, MappedColumn
from followertui.services.plan.values import (
    ApplyEvent,
    ApplyReport,
    HandTask,
    ItemOutcome,
    PlanGroup,
    PlanLine,
    PlanOverview,
)
from followertui.services.values import (
    Card,
    CountLine,
    Gesture,
    Header,
    HeldBack,
    JournalLine,
    JournalState,
    Likeness,
    MatchCard,
    Queue,
    ReasonLine,
    RowCells,
    Suggestion,
    Undone,
    View,
)

HOSTILE = "CEO [/ founder] [@click=app.quit]x[/] \x1b[2J\u202eevil\u2066 [red]a\tb\nc = 1"
NAMES = ("Dana Ortiz", "Globex GmbH", "Mika Kinnunen", "Initech", "Ayse Demir", "李娜", "Growth Hacks Daily", "Tom B.")
KINDS = (
    Kind.UNCLEAR,
    Kind.CUSTOMER,
    Kind.PROSPECT,
    Kind.BOT,
    Kind.OFFTOPIC,
    Kind.INFLUENCER,
    Kind.COMPETITOR,
    Kind.UNSEEN,
)
WHYS = (
    "no post for 3 years",
    "works at Globex (customers)",
    "head of marketing · 12k followers",
    "follows 4,991, followed by 12",
    "crypto giveaways",
    "speaks at SaaStr",
    "@initech employee",
    "",
)


class FakeWorkbench:
    """Rows are made from their number, decisions live in dicts."""

    def __init__(self, rows: int = 500, *, hostile: bool = False, read_only: bool = False, demo: bool = True) -> None:
        self.count = rows
        self.hostile = hostile
        self.read_only = read_only
        self.is_demo = demo
        self.calls: list[tuple[Any, ...]] = []
        self.decisions: dict[int, Decision] = {}
        self.kinds: dict[int, Kind] = {}
        self.tag_map: dict[int, set[str]] = {}
        self.tag_keys: dict[str, str] = {}
        self.notes: dict[int, str] = {}
        self.match_states: dict[int, MatchState] = {}
        self.undo_stack: list[tuple[int, ...]] = []
        self.redo_stack: list[tuple[int, ...]] = []
        self.question = ""
        self.has_import = False
        self.saved: dict[str, str] = {}
        self.settings: dict[str, Any] = {}
        self.remembered: dict[str, Any] = {}
        self.last: list[tuple[int, str, str]] = []
        self.dropped: set[int] = set()
        self.hand_done: list[tuple[int, str]] = []
        self.elsewhere = False
        self.about_us = AboutUs()
        self.to_confirm = min(214, self.count)
        self.list_names: list[tuple[str, str, int]] = [("Customers", "customer", 60)]
        self.switch_to_hand = False
        self.known_customers = False
        self.gate: threading.Event | None = None

    def note_call(self, *call: Any) -> None:
        self.calls.append(call)

    def names(self) -> list[str]:
        return [call[0] for call in self.calls]

    # looking

    def header(self) -> Header:
        return Header(
            "acme",
            12431,
            8020,
            self.count,
            8.0,
            7.0,
            9.0,
            31,
            len(self._items()),
            self.is_demo,
            self.read_only,
            self.known_customers,
        )

    def queues(self) -> list[Queue]:
        left = self.count - len(self.decisions)
        hand = sum(1 for state in self.match_states.values() if state is not MatchState.UNREVIEWED)
        return [
            Queue("to-review", "To review", "decision:none", left, True, "All reviewed\n] goes to Confirm"),
            Queue(
                "confirm",
                "Confirm",
                "match:any",
                max(0, self.to_confirm - hand),
                True,
                "Nothing to confirm\nI brings a list in",
            ),
            Queue("new", "New", "is:new", min(57, self.count), True, "Nobody new since last week\n] goes on"),
            Queue("today", "Today", "plan:any", 0, True, "Nobody to engage today\n] goes on"),
            Queue("plan", "Plan", "plan:any", len(self._items()), True, "Nothing planned"),
            Queue(
                "kind:customer",
                "Customers",
                "kind:customer",
                63,
                False,
                "No customers known\nI brings a customer list in",
            ),
            Queue("kind:bot", "Bots", "kind:bot", None, False, "No bots"),
            *(Queue(f"view:{name}", name, text, 12, False, "") for name, text in self.saved.items()),
        ]

    def refresh_counts(self) -> list[Queue]:
        self.note_call("refresh_counts")
        return self.queues()

    def _rows(self, queue_id: str, text: str) -> array[int]:
        if "folowers" in text:
            at = text.index("folowers")
            raise BadQuery("there is no field folowers", at, 8, "followers")
        count = self.count
        if queue_id == "today" or "zzz" in text:
            count = 0
        elif queue_id == "confirm":
            count = min(214, count)
        elif queue_id == "new":
            count = min(57, count)
        rows = array("I", range(count))
        if "half" in text:
            rows = array("I", rows[::2])
        return rows

    def open_view(self, queue_id: str = "", text: str = "") -> View:
        self.note_call("open_view", queue_id, text)
        if self.gate is not None and text == "slow":
            self.gate.wait(5)
        rows = self._rows(queue_id, text)
        return View(queue_id, text, rows, len(self._rows(queue_id, "")), "")

    def sort_view(self, view: View, field: str, descending: bool) -> View:
        self.note_call("sort_view", field, descending)
        rows = view.rows[::-1] if descending else view.rows
        return View(view.queue_id, view.text, rows, view.of, ("-" if descending else "") + field)

    def cells(self, row: int) -> RowCells:
        n = row % len(NAMES)
        kind = self.kinds.get(row, KINDS[n])
        decision = self.decisions.get(row, Decision.NONE)
        return RowCells(
            row=row,
            name=HOSTILE if self.hostile else (NAMES[n] if row < 8 else f"{NAMES[n]} {row}"),
            handle=HOSTILE
            if self.hostile
            else f"{NAMES[n].split()[0].lower() if NAMES[n].isascii() else 'lina'}_{row}",
            x_id=1000 + row,
            relation="→←↔"[row % 3],
            kind=kind,
            kind_source=KindSource.PERSON if row in self.kinds else KindSource.JUDGED,
            is_doubtful=kind is Kind.CUSTOMER and row not in self.kinds,
            why=HOSTILE if self.hostile else WHYS[n],
            bot=None if n == 7 else (row * 37) % 100,
            silent_days=None if n == 7 else (row * 53) % 1500,
            decision=decision,
            action=ActionKind.UNFOLLOW if decision is Decision.OUT else None,
            tags=tuple(sorted(self.tag_map.get(row, ()))) or ((HOSTILE,) if self.hostile else ()),
            is_guarded=kind is Kind.CUSTOMER,
            is_locked=n == 6,
            has_note=row in self.notes,
            followers=(row * 7919) % 200_000,
        )

    def page(self, rows: Sequence[int]) -> list[RowCells]:
        assert len(rows) <= 64
        return [self.cells(row) for row in rows]

    def matches_of(self, row: int) -> tuple[MatchCard, ...]:
        if row % 8 not in (0, 1, 6):
            return ()
        text = HOSTILE if self.hostile else "Head of Growth at Globex, Lisbon"
        entity = HOSTILE if self.hostile else "Globex GmbH"
        start = text.find("Globex") if "Globex" in text else 0
        evidence = (
            Evidence("works_at", 52, "bio", text, entity, (max(0, start), start + 6), (0, 6)),
            Evidence("place", -8, "location", "Lisbon" if not self.hostile else HOSTILE, "Munich", None, None),
        )
        first = MatchCard(
            row * 10 + 1,
            entity,
            (HOSTILE if self.hostile else "Customers 2026",),
            Kind.CUSTOMER,
            MatchRelation.WORKS_AT,
            Band.LIKELY,
            78,
            self.match_states.get(row * 10 + 1, MatchState.UNREVIEWED),
            HOSTILE if self.hostile else '"at Globex" in bio · against: Lisbon / Munich',
            evidence,
            (f"Company: {entity}", "Domain: globex.com", "Owner: Kim"),
            False,
            "",
            3,
        )
        second = first._replace(
            id=row * 10 + 2,
            entity="Globex Ventures",
            band=Band.POSSIBLE,
            score=61,
            state=self.match_states.get(row * 10 + 2, MatchState.UNREVIEWED),
        )
        return (first, second) if row % 8 == 1 else (first,)

    def card(self, row: int) -> Card:
        bio = (
            HOSTILE
            if self.hostile
            else "Head of Growth at Globex, Lisbon. Ex Initech. Coffee, spreadsheets. globex.com/dana"
        )
        return Card(
            cells=self.cells(row),
            bio=bio,
            location=HOSTILE if self.hostile else "Lisbon",
            url="https://t.co/x",
            site="globex.com",
            following=4991,
            posts=1200,
            listed=3,
            created="3 May 2014",
            last_post="9 Nov 2023",
            first_seen="22 Nov 2026",
            left="",
            followed_since="followed before 22 Nov 2026",
            verified="blue",
            affiliation="",
            type=AccountType.PERSON,
            role="marketing",
            seniority="director",
            relevance=64,
            kind_rule="an unreviewed certain match says so",
            kind_conflict="",
            matches=self.matches_of(row),
            reasons=(
                ReasonLine("silent", 30, "silent 3y"),
                ReasonLine("follows-many", 15, "follows 4,991"),
                ReasonLine("names-company", -20, HOSTILE if self.hostile else "names a company"),
            ),
            suggestion=Suggestion(Decision.OUT, None, "suggests: out"),
            note=self.notes.get(row, ""),
            tags=tuple(sorted(self.tag_map.get(row, ()))),
            guard="a match that is not rejected: Globex GmbH" if row % 8 == 1 else "",
            status="",
            history=(("22 Nov", "imported"), ("20 Nov", HOSTILE if self.hostile else "you: later")),
            provenance=("profile: exporter JSON, 20 Nov 2026",),
            bio_links=((len(bio) - 15, len(bio), "https://globex.com/dana"),),
        )

    def complete(self, text: str, cursor: int) -> list[Completion]:
        word = text[:cursor].split(" ")[-1]
        if not word:
            return []
        start = cursor - len(word)
        fields = {
            "is:": "a state",
            "kind:": "who someone is",
            "followers:": "how many follow them",
            "match:": "ties to lists",
        }
        return [
            Completion(name, start, cursor, text)
            for name, text in fields.items()
            if name.startswith(word) and name != word
        ]

    def count_fields(self) -> list[tuple[str, str]]:
        return [
            ("kind", "who someone is"),
            ("reason", "a signal that fired"),
            ("match", "ties"),
            ("company", "matches"),
        ]

    def count_by(self, rows: Sequence[int], field: str) -> list[CountLine]:
        self.note_call("count_by", len(rows), field)
        counts = Counter(self.kinds.get(row, KINDS[row % 8]).value for row in rows)
        lines = [CountLine(value, f"kind:{value}", count) for value, count in counts.most_common()]
        return [*lines, CountLine(HOSTILE, "kind:other", 1)] if self.hostile else lines

    def sample(self, rows: Sequence[int], n: int = 20) -> list[int]:
        return list(rows[:: max(1, len(rows) // n)])[:n]

    def alike(self, rows: Sequence[int], row: int) -> list[Likeness]:
        kind = self.kinds.get(row, KINDS[row % 8]).value
        return [
            Likeness(
                HOSTILE if self.hostile else f"kind {kind}",
                f"kind:{kind}",
                len(self.rows_matching(rows, f"kind:{kind}")),
            )
        ]

    def rows_matching(self, rows: Sequence[int], query: str) -> list[int]:
        if query == "decision:none":
            return [row for row in rows if row not in self.decisions]
        wanted = query.removeprefix("kind:")
        return [row for row in rows if self.kinds.get(row, KINDS[row % 8]).value == wanted]

    def find(self, text: str) -> int | None:
        tail = text.rpartition("_")[2]
        return int(tail) if tail.isdigit() and int(tail) < self.count else None

    # deciding

    def _wrote(self, name: str, rows: Sequence[int], text: str, held: tuple[HeldBack, ...] = ()) -> Gesture:
        if self.read_only:
            raise BadInput("the store is read-only")
        self.undo_stack.append(tuple(rows))
        self.redo_stack.clear()
        for row in list(rows)[:1]:
            self.last.insert(0, (row, self.cells(row).handle, text))
        return Gesture(len(self.undo_stack), len(rows), 0, 0, held, text)

    def decide(self, rows: Sequence[int], decision: Decision | None, query: str = "") -> Gesture:
        self.note_call("decide", tuple(rows) if len(rows) < 100 else len(rows), decision)
        held = [row for row in rows if decision is Decision.OUT and self.cells(row).is_guarded]
        for row in rows:
            if decision is None:
                self.decisions.pop(row, None)
            elif row not in held:
                self.decisions[row] = decision
        word = decision.value if decision else "undecided"
        text = f"{word} ×{len(rows)}" if len(rows) > 1 else word
        return self._wrote("decide", rows, text, (HeldBack("customer", len(held)),) if held else ())

    def accept(self, rows: Sequence[int], query: str = "") -> Gesture:
        self.note_call("accept", tuple(rows))
        for row in rows:
            self.decisions[row] = Decision.OUT
        return self._wrote("accept", rows, "as suggested: out")

    def say_kind(self, rows: Sequence[int], kind: Kind | None, query: str = "") -> Gesture:
        self.note_call("say_kind", tuple(rows), kind)
        for row in rows:
            if kind is None:
                self.kinds.pop(row, None)
            else:
                self.kinds[row] = kind
        return self._wrote("kind", rows, f"kind {kind.value if kind else 'automatic'}")

    def tag(self, rows: Sequence[int], add: Sequence[str] = (), remove: Sequence[str] = (), query: str = "") -> Gesture:
        self.note_call("tag", tuple(rows), tuple(add), tuple(remove))
        for row in rows:
            self.tag_map.setdefault(row, set()).update(add)
            self.tag_map[row].difference_update(remove)
        return self._wrote("tag", rows, f"tagged {', '.join(add)}")

    def tags(self) -> list[tuple[str, int, str | None]]:
        names = {"vip", "event"} | {tag for tags in self.tag_map.values() for tag in tags}
        keys = {name: key for key, name in self.tag_keys.items()}
        return [(name, 3, keys.get(name)) for name in sorted(names)]

    def bind_tag(self, key: str, name: str) -> None:
        self.note_call("bind_tag", key, name)
        self.tag_keys[key] = name

    def note(self, row: int, text: str) -> Gesture:
        self.note_call("note", row, text)
        self.notes[row] = text
        return self._wrote("note", (row,), "note written")

    def release(self, rows: Sequence[int]) -> Gesture:
        self.note_call("release", tuple(rows))
        return self._wrote("release", rows, "released")

    def _answer(self, name: str, ids: Sequence[int], state: MatchState) -> Gesture:
        self.note_call(name, tuple(ids))
        for number in ids:
            self.match_states[number] = state
        return self._wrote(name, [number // 10 for number in ids], f"{name} ×{len(ids)}")

    def confirm(self, match_ids: Sequence[int]) -> Gesture:
        return self._answer("confirm", match_ids, MatchState.CONFIRMED)

    def reject(self, match_ids: Sequence[int]) -> Gesture:
        return self._answer("reject", match_ids, MatchState.REJECTED)

    def unsure(self, match_ids: Sequence[int]) -> Gesture:
        return self._answer("unsure", match_ids, MatchState.UNREVIEWED)

    def undo(self, force: bool = False) -> Undone:
        self.note_call("undo", force)
        if self.question and not force:
            return Undone(0, "", (), self.question, ())
        if self.has_import:
            return Undone(0, "", (), "", (), is_long=True)
        if not self.undo_stack:
            return Undone(0, "nothing to undo", (), "", ())
        rows = self.undo_stack.pop()
        self.redo_stack.append(rows)
        for row in rows:
            self.decisions.pop(row, None)
        return Undone(1, f"took back {len(rows)}", (), "", rows[:1000])

    def redo(self, force: bool = False) -> Undone:
        self.note_call("redo", force)
        if not self.redo_stack:
            return Undone(0, "nothing to redo", (), "", ())
        rows = self.redo_stack.pop()
        for row in rows:
            self.decisions[row] = Decision.OUT
        return Undone(1, f"did {len(rows)} again", (), "", rows[:1000])

    def reverse_import(self, is_redo: bool, cancel: threading.Event) -> Any:
        self.note_call("reverse_import", is_redo)
        self.has_import = False
        yield Progress(1, 2, "taking back a.csv")
        return Undone(1, "undo: import a.csv", (), "", ())

    def journal(self, limit: int = 200) -> list[JournalLine]:
        text = HOSTILE if self.hostile else "out ×41 silent"
        return [
            JournalLine(
                9 - n,
                f"2026-11-22 21:1{n}",
                "kim",
                "decide",
                text,
                41,
                JournalState.DONE if n else JournalState.UNDONE,
                0,
            )
            for n in range(5)
        ]

    def last_decisions(self, n: int = 5) -> list[tuple[int, str, str]]:
        return self.last[:n]

    # views

    def save_view(self, name: str, text: str) -> None:
        self.note_call("save_view", name, text)
        self.saved[name] = text

    def drop_view(self, name: str) -> None:
        self.note_call("drop_view", name)
        self.saved.pop(name, None)

    def views(self) -> list[tuple[str, str]]:
        return list(self.saved.items())

    def place(self) -> dict[str, Any]:
        return dict(self.remembered)

    def remember_place(self, place: dict[str, Any]) -> None:
        self.remembered = dict(place)

    # plan

    def _items(self) -> list[int]:
        planned = [row for row, decision in self.decisions.items() if decision is Decision.OUT]
        base = [row for row in range(min(self.count, 40)) if row % 5 == 0]
        items = sorted({*planned, *base} - self.dropped)
        return [item for item in items if item not in {done for done, _ in self.hand_done}]

    def plan_overview(self) -> PlanOverview:
        items = self._items()
        if not items:
            return PlanOverview((), (), "acme", ())
        reason = HOSTILE if self.hostile else "silent for years"
        unfollow = PlanGroup(
            ActionKind.UNFOLLOW,
            len(items),
            12,
            0,
            3,
            9,
            1,
            0,
            (CountLine(reason, "reason:silent", 30), CountLine("bot", "kind:bot", 12)),
            (HeldBack("confirmed customer", 8), HeldBack("kept", 4)),
            (
                CountLine("follow us", "is:follower", 22),
                CountLine("match something", "match:any", 3),
                CountLine("talked to us, or not known", "has:contacted", 40),
            ),
            Executor.HAND if self.switch_to_hand else Executor.API,
            "pay-per-use: X refused it on 20 Nov",
            0.41,
            3600.0,
            "about 150 a day by hand: 3 days",
        )
        follow = unfollow._replace(action=ActionKind.FOLLOW, ready=3, held=0, held_by=(), price_usd=None)
        follow = follow._replace(via=Executor.HAND)
        warnings = (
            ()
            if self.known_customers
            else ("No customer list: nobody is guarded as a customer. I in the review brings one in.",)
        )
        return PlanOverview((unfollow, follow), warnings, "acme", items)

    def plan_lines(self, item_ids: Sequence[int]) -> list[PlanLine]:
        return [
            PlanLine(
                item,
                self.cells(item),
                ActionKind.UNFOLLOW if item % 2 == 0 else ActionKind.FOLLOW,
                PlanState.HELD if item % 7 == 3 else PlanState.PLANNED,
                HOSTILE if self.hostile else "silent 3 years",
                "",
            )
            for item in item_ids
        ]

    def plan_drop(self, item_ids: Sequence[int]) -> Gesture:
        self.note_call("plan_drop", tuple(item_ids))
        self.dropped.update(item_ids)
        return self._wrote("plan", item_ids, f"{len(item_ids)} dropped from the plan")

    def plan_add(self, action: ActionKind, rows: Sequence[int], object: str = "") -> Gesture:
        self.note_call("plan_add", action, tuple(rows))
        return self._wrote("plan", rows, "planned")

    def next_manual(self, action: ActionKind | None = None) -> HandTask | None:
        items = self._items()
        if not items:
            return None
        item = items[0]
        return HandTask(
            item,
            self.cells(item),
            action or ActionKind.UNFOLLOW,
            f"https://x.com/h_{item}",
            'open the "Following" button and choose Unfollow',
            len(self.hand_done) + 1,
            len(items) + len(self.hand_done),
        )

    def record_manual(self, item_id: int, outcome: str) -> Gesture:
        self.note_call("hand_mark", item_id, outcome)
        self.hand_done.append((item_id, outcome))
        return self._wrote("hand", (item_id,), outcome)

    def undo_manual(self) -> HandTask | None:
        self.note_call("hand_back")
        if not self.hand_done:
            return None
        self.hand_done.pop()
        return self.next_manual()

    def apply(self, via: str | None, limit: int | None, typed_count: int, cancel: threading.Event) -> Any:
        self.note_call("apply", via, limit, typed_count)
        items = self._items()
        if self.switch_to_hand:
            yield ApplyEvent(
                items[0], self.cells(items[0]).handle, ActionKind.UNFOLLOW, ItemOutcome.TO_HAND, "403", 1, len(items)
            )
            return ApplyReport(0, 0, 0, 0, len(items), len(items), None, "", 0.01, "by hand from here")
        for done, item in enumerate(items, 1):
            if cancel.is_set():
                return ApplyReport(
                    done - 1,
                    0,
                    0,
                    0,
                    len(items) - done,
                    0,
                    Stop(StopReason.PERSON),
                    "stopped",
                    0.1,
                    f"{done - 1} done, stopped",
                )
            yield Progress(done, len(items), "unfollowing")
            yield ApplyEvent(
                item, self.cells(item).handle, ActionKind.UNFOLLOW, ItemOutcome.DONE, "unfollowed", done, len(items)
            )
        self.dropped.update(items)
        return ApplyReport(len(items), 0, 0, 0, 0, 0, None, "", 0.41, f"{len(items)} done")

    # bringing in

    def plan_import(self, path: str, choices: ImportChoices | None = None, earlier: object = None) -> Any:
        choices = choices or ImportChoices()
        self.note_call("look", path, choices)
        if "nothing" in path:
            raise BadInput(f"{path}: no such file; check the path")
        is_list = "list" in path
        mapping = {
            **({"Account Name": "company", "Website": "domain"} if is_list else {"screen_name": "handle"}),
            **choices.mapping,
        }
        questions = [
            name
            for name, given in (("kind", choices.kind), ("name", choices.name), ("basis", choices.basis))
            if given is None
        ]
        asked = tuple(questions) if is_list else (("relation",) if choices.relation is None else ())
        columns = ("Account Name", "Website", "Notes") if is_list else ("id", "screen_name", "bio")
        sample = HOSTILE if self.hostile else "Globex GmbH"
        return SimpleNamespace(
            path=path,
            choices=choices,
            what="list" if is_list else "accounts",
            sentence="list of companies, CSV, 214 rows" if is_list else "exporter JSON, followers, 12,388 people",
            relation=choices.relation or "",
            as_of_text="2026-11-20T00:00:00Z",
            as_of_source="file name",
            columns=tuple(MappedColumn(c, mapping.get(c, ""), "by its name", (sample, "b", "c")) for c in columns),
            fields=("company", "domain", "handle", "person", "owner"),
            sample=({"company": sample, "domain": "globex.com"},),
            rows=12388,
            questions=asked,
            suggested_name="Customers 2026",
            suggested_kind="customer",
            kind_column="",
            expected_count=12431,
            problems=(HOSTILE,) if self.hostile else (),
            is_known=False,
        )

    def run_import(self, plan: Any, cancel: threading.Event) -> Any:
        self.note_call("import_file", plan.path, plan.choices)
        for done in range(0, 1001, 250):
            yield Progress(done, 1000, "reading rows")
        return ImportReport(
            1,
            "accounts",
            12388,
            12000,
            300,
            80,
            4,
            4,
            0,
            57,
            (HeldBack("no handle or id", 4),),
            (),
            ("partial: 12,388 of 12,431; creates no leavers",),
            "214 to confirm, about 12 minutes",
            7,
            False,
        )

    def match(self, full: bool, cancel: threading.Event) -> Any:
        self.note_call("match", full)
        yield Progress(1, 2, "comparing names")
        return "214 matches"

    def judge(self, full: bool, cancel: threading.Event) -> Any:
        self.note_call("judge")
        yield Progress(1, 2, "judging")
        return "judged"

    def catch_up(self, cancel: threading.Event) -> Any:
        self.note_call("catch_up")
        yield Progress(1, 2, "comparing names")
        return "3 clicks by hand are done · 214 to confirm, about 12 minutes"

    def next_step(self) -> str:
        return "214 to confirm, about 12 minutes"

    def lists(self) -> list[tuple[str, str, int]]:
        return self.list_names

    def about(self) -> AboutUs:
        return self.about_us

    def set_about(self, about: AboutUs) -> Gesture:
        self.note_call("set_about", about)
        self.about_us = about
        return Gesture(1, 0, 0, 0, (), "about us saved")

    def profile_url(self, row: int) -> str:
        return f"https://x.com/i/user/{1000 + row}"

    def next_week(self, cancel: threading.Event) -> Any:
        self.note_call("next_week")
        yield Progress(1, 2, "a week passes")
        return "a week later: 31 new, 12 left"

    def theme(self) -> str:
        return str(self.settings.get("theme", ""))

    def set_theme(self, name: str) -> None:
        self.note_call("set_theme", name)
        self.settings["theme"] = name

    def changed_elsewhere(self) -> bool:
        was, self.elsewhere = self.elsewhere, False
        return was

    def close(self) -> None:
        self.note_call("close")
