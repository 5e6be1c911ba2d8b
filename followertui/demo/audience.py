"""The generated audience of @acme, "Acme Analytics": seeded, of any size, in constant memory.

Owns the order of followers and following, the mix of accounts, bought waves, and what a week
changes. One profile is drawn by ``audience_profiles``, the CRM lists by ``audience_lists``. The
demo and the sandbox import it; it writes nothing.

The audience is drawn in blocks of 500, each from its own seed, so that any account can be drawn
again without the ones before it. Index 0 followed most recently. Every fifth block contains
three bought waves, each in one run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from random import Random
from typing import Literal

from followertui.demo.audience_lists import CrmList
from followertui.demo.audience_profiles import SPECIALS, Archetype, Market, Profiles, Truth
from followertui.demo.words_companies import Company, company
from followertui.domain.account import PROFILE_FIELDS, AccountRecord
from followertui.domain.clock import epoch

HANDLE = "acme"
NAME = "Acme Analytics"
DOMAIN = "acme.example"

Reading = Literal["follower", "following", "all"]
"""Which accounts: one relation as a snapshot of X lists it, or all with both flags."""

BLOCK = 500
"""Accounts drawn together; a week's newcomers are one block at most."""

WEEKS_AHEAD = 52
"""For how many weeks there are newcomers whose numbers nobody else has."""

WEEK_WAVE = 120
"""Accounts in the wave that is bought every week."""

_HOSTILE = 4
_WAVES, _WAVE_SIZE = 3, 140
_WAVE_EVERY, _WAVE_AT = 5, 1

_CROWD: dict[Archetype, int] = {
    Archetype.CRYPTO: 26,
    Archetype.ADULT: 18,
    Archetype.SCAM: 14,
    Archetype.FAKE: 60,
    Archetype.FEED: 14,
    Archetype.LURKER: 150,
}
"""Number of each archetype in a block without waves; honest people off topic fill it up."""

_FAKES = (Archetype.WAVE, Archetype.CRYPTO, Archetype.ADULT, Archetype.SCAM, Archetype.FAKE)

_LEAVING_BLOCKS, _LEAVING_EACH = 6, 8
_SUSPENDED = 15

Drawn = tuple[AccountRecord, Truth]


@dataclass(frozen=True)
class WeekChanges:
    """What happened in one week.

    Attributes:
        joined: who followed, newest first.
        left: who stopped following.
        renamed: who changed the handle, with the new one.
        moved: who changed the bio after a new job, with the new bio.
        suspended: accounts X suspended; no later snapshot has them.
    """

    joined: tuple[Truth, ...]
    left: tuple[Truth, ...]
    renamed: tuple[tuple[Truth, str], ...]
    moved: tuple[tuple[Truth, str], ...]
    suspended: tuple[Truth, ...]


class Audience:
    """All accounts around @acme.

    Args:
        accounts: number of accounts; about 78% follow us and we follow 38%.
        seed: the same seed, size and time give the same audience.
        now: aware; no account is younger.

    Attributes:
        blocks: of how many blocks it is drawn.
    """

    def __init__(self, accounts: int, seed: int, now: datetime) -> None:
        self.accounts = accounts
        self.seed = seed
        self.now = now
        self._profiles = Profiles(accounts, seed, epoch(now))
        self.blocks = max(1, -(-accounts // BLOCK))
        self._block = lru_cache(maxsize=4)(self._drawn_block)
        self._changes: dict[int, WeekChanges] = {}

    @property
    def market(self) -> Market:
        """Which companies are customers, prospects, competitors."""
        return self._profiles.market

    def batches(self, reading: Reading = "all", size: int = BLOCK, week: int = 0) -> Iterator[list[AccountRecord]]:
        """Accounts as a snapshot of X lists them, newest relation first.

        Args:
            reading: "follower" or "following" without relation flags, "all" with both.
            size: records per batch.
            week: number of weeks of changes, 0 for the start.

        Yields:
            Lists of at most ``size`` records, text raw.
        """
        batch: list[AccountRecord] = []
        for record in self._records(week):
            if (reading == "follower" and not record.follows_us) or (reading == "following" and not record.we_follow):
                continue
            batch.append(record if reading == "all" else _with_flags(record, None, None))
            if len(batch) == size:
                yield batch
                batch = []
        if batch:
            yield batch

    def truth(self, index: int) -> Truth:
        """Ground truth of the account at ``index`` of the first snapshot.

        Raises:
            IndexError: there is no such account.
        """
        if not 0 <= index < self.accounts:
            raise IndexError(index)
        return self._block(index // BLOCK)[index % BLOCK][1]

    def first_reading(self) -> Iterator[Drawn]:
        """Everyone of the first snapshot with ground truth, newest first, with relation flags."""
        for number in range(self.blocks):
            yield from self._within(number)

    def customer_list(self) -> list[dict[str, str]]:
        """Customers as the CRM exports them: companies, then their people."""
        market = self._profiles.market
        return self._market_list("customer", Archetype.CUSTOMER_PERSON, market.customers)

    def prospect_list(self) -> list[dict[str, str]]:
        """Open opportunities as the CRM exports them: companies, then their people."""
        return self._market_list("opportunity", Archetype.PROSPECT_PERSON, self._profiles.market.prospects)

    def partner_list(self) -> list[dict[str, str]]:
        """Partners: companies, then their people."""
        return self._market_list("partner", Archetype.PARTNER_PERSON, self._profiles.market.partners)

    def press_list(self) -> list[dict[str, str]]:
        """Newsrooms and the reporters known there."""
        return self._market_list("press", Archetype.PRESS, self._profiles.market.newsrooms)

    def employee_list(self) -> list[dict[str, str]]:
        """Half of the people who work at Acme Analytics, and some who are not on X."""
        made = CrmList(self.seed, "employee")
        made.add_contacts(Archetype.EMPLOYEE, [company(NAME)._replace(domain=DOMAIN)], self.blocks)
        return made.rows

    def competitor_list(self) -> list[dict[str, str]]:
        """Competitors."""
        made = CrmList(self.seed, "competitor")
        made.add_companies(self._profiles.market.competitors)
        return made.rows

    def vendor_list(self) -> list[dict[str, str]]:
        """Companies that sell to Acme Analytics."""
        made = CrmList(self.seed, "vendor")
        made.add_companies(self._profiles.market.vendors)
        return made.rows

    def next_week(self, week: int) -> WeekChanges:
        """The changes of the ``week``-th week; 1 is the first after the start.

        The readings after it are ``batches(reading, week=week)``.
        """
        for number in range(len(self._changes) + 1, week + 1):
            self._changes[number] = self._one_week(number)
        return self._changes[week]

    def _market_list(self, stage: str, archetype: Archetype, firms: list[Company]) -> list[dict[str, str]]:
        made = CrmList(self.seed, stage)
        made.add_companies(firms)
        made.add_contacts(archetype, firms, self.blocks)
        return made.rows

    def _records(self, week: int) -> Iterator[AccountRecord]:
        """All accounts after ``week`` weeks, newest first, with relation flags."""
        edits: dict[int, dict[str, object]] = {}
        for number in range(1, week + 1):
            changes = self.next_week(number)
            edits.update({truth.position: {"follows_us": 0} for truth in changes.left})
            edits.update({truth.position: {"follows_us": 0, "we_follow": 0} for truth in changes.suspended})
            edits.update({truth.position: {"handle": handle} for truth, handle in changes.renamed})
            edits.update({truth.position: {"bio": bio} for truth, bio in changes.moved})
        for number in range(week, 0, -1):
            yield from (record for record, _ in self._newcomers(number))
        for number in range(self.blocks):
            for record, truth in self._within(number):
                edit = edits.get(truth.position) if edits else None
                changed = record._replace(**edit) if edit else record  # type: ignore[arg-type]
                if changed.follows_us or changed.we_follow:
                    yield changed

    def _within(self, number: int) -> list[Drawn]:
        """The block, cut where the audience ends."""
        return self._drawn_block(number)[: self.accounts - number * BLOCK]

    def _drawn_block(self, number: int) -> list[Drawn]:
        rnd = Random(f"{self.seed}:{number}")
        has_waves = number % _WAVE_EVERY == _WAVE_AT
        room = BLOCK - (_WAVES * _WAVE_SIZE if has_waves else 0)
        drawn = self._mixed(rnd, number * BLOCK, self._crowd(number, room))
        if has_waves:
            at = rnd.randrange(room)
            waves = [self._wave(rnd, number, wave, number * BLOCK + room) for wave in range(_WAVES)]
            drawn = self._reindexed(drawn[:at] + [one for wave in waves for one in wave] + drawn[at:])
        return [self._related(rnd, record, truth) for record, truth in drawn]

    def _crowd(self, number: int, room: int) -> list[tuple[Archetype, int]]:
        """Archetype and ordinal of all accounts in a block but the waves, unordered."""
        crowd = [(a, number * quota + j) for a, quota in SPECIALS.items() for j in range(quota)]
        crowd += [(Archetype.HOSTILE, number * _HOSTILE + j) for j in range(_HOSTILE)]
        if room == BLOCK:
            crowd += [(archetype, 0) for archetype, count in _CROWD.items() for _ in range(count)]
        return crowd + [(Archetype.PRIVATE, 0)] * (room - len(crowd))

    def _mixed(self, rnd: Random, start: int, crowd: list[tuple[Archetype, int]]) -> list[Drawn]:
        rnd.shuffle(crowd)
        draw = self._profiles.draw
        return [draw(rnd, start + at, archetype, ordinal) for at, (archetype, ordinal) in enumerate(crowd)]

    def _wave(self, rnd: Random, number: int, wave: int, start: int, size: int = _WAVE_SIZE) -> list[Drawn]:
        made = []
        trait = self._profiles.trait(Random(f"{self.seed}:{number}:{wave}"))
        for index in range(start + wave * size, start + (wave + 1) * size):
            record = self._profiles.wave(rnd, index, trait)
            made.append((record, self._profiles.truth(index, record, Archetype.WAVE)))
        return made

    def _reindexed(self, drawn: list[Drawn]) -> list[Drawn]:
        """Positions in the order of the list; ids and handles keep those they were drawn with."""
        first = min(truth.position for _, truth in drawn)
        return [(record, truth._replace(position=first + at)) for at, (record, truth) in enumerate(drawn)]

    def _related(self, rnd: Random, record: AccountRecord, truth: Truth) -> Drawn:
        """The relation an account of this archetype is likely to have with us."""
        luck = rnd.random()
        if truth.archetype in _FAKES:
            only_follows, both = 0.93, 0.05
        elif truth.archetype in SPECIALS:
            only_follows, both = 0.35, 0.45
        else:
            only_follows, both = 0.47, 0.19
        follows_us, we_follow = luck < only_follows + both, luck >= only_follows
        return _with_flags(record, int(follows_us), int(we_follow)), truth

    def _newcomers(self, week: int) -> list[Drawn]:
        """Who follows us in a week: people who matter, a few of the crowd, and a bought wave."""
        number = self.blocks + week - 1
        rnd = Random(f"{self.seed}:week:{week}")
        crowd = [
            (archetype, number * SPECIALS[archetype])
            for archetype in (Archetype.CUSTOMER_PERSON, Archetype.PROSPECT_PERSON, Archetype.PROSPECT_COMPANY)
        ]
        crowd += [(Archetype.PRIVATE, 0)] * min(40, 4 + self.accounts // 200)
        crowd += [(Archetype.FAKE, 0)] * 6
        drawn = self._mixed(rnd, number * BLOCK, crowd)
        drawn += self._wave(rnd, number, 0, number * BLOCK + len(drawn), WEEK_WAVE)
        return [(_with_flags(record, 1, 0), truth) for record, truth in drawn]

    def _one_week(self, week: int) -> WeekChanges:
        rnd = Random(f"{self.seed}:changes:{week}")
        gone = {t.position for past in self._changes.values() for t in (*past.left, *past.suspended)}
        # A few blocks represent all: drawing a million again to pick fifty would take a minute.
        blocks = {rnd.randrange(self.blocks) for _ in range(_LEAVING_BLOCKS)}
        if waves := range(_WAVE_AT, self.blocks, _WAVE_EVERY):
            blocks.add(rnd.choice(waves))
        here = [one for n in sorted(blocks) for one in self._within(n) if one[1].position not in gone]
        followers = [truth for record, truth in here if record.follows_us]
        fakes = [truth for truth in followers if truth.archetype in _FAKES]
        suspended = rnd.sample(fakes, min(_SUSPENDED, len(fakes) // 2))
        staying = [truth for truth in followers if truth not in suspended]
        count = min(_LEAVING_BLOCKS * _LEAVING_EACH, 1 + self.accounts // 150, len(staying) // 2)
        left = rnd.sample(staying, count)
        people = [t for _, t in here if t.company and t.archetype in SPECIALS and t not in left]
        changing = rnd.sample(people, min(4, len(people)))
        half = len(changing) // 2
        firms = self._profiles.market.prospects
        return WeekChanges(
            joined=tuple(truth for _, truth in self._newcomers(week)),
            left=tuple(left),
            renamed=tuple((truth, f"{truth.handle[:11]}_w{week}") for truth in changing[:half]),
            moved=tuple((truth, f"New job: now at {rnd.choice(firms).name}!") for truth in changing[half:]),
            suspended=tuple(suspended),
        )


def _with_flags(record: AccountRecord, follows_us: int | None, we_follow: int | None) -> AccountRecord:
    """The record with other relation flags; ``_replace`` takes twice as long."""
    return AccountRecord._make((*record[: len(PROFILE_FIELDS)], follows_us, we_follow))
