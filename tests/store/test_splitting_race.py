"""People and mails at the same complaint at once: nobody waits in a circle, and the log stays true."""

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from classify.types import Kind, Tier
from store import Store
from store.lifecycle import NotAllowed
from store.numbers import new_number
from store.types import Decision
from tests.store.samples import NOW, intake, message, open_case, put
from tests.store.test_splitting import LEVY, ROAD, WHO, part, sound, split, unsplit

STEPS = ("split", "unsplit", "reply", "reply_to_part", "merge", "unmerge", "grave", "answer")
GRAVE = Decision(Kind.PENGADUAN, Tier.BERKADAR, "pemeriksa", NOW, "60 wd", "2026-1", "ani", "x")


def reply(store: Store, number: str, seed: int) -> None:
    said = message(message_id=f"<{new_number()}@warga.test>")
    put(store, intake(f"inbox{seed}", joins=number, number="", message=said))


def step(store: Store, what: str, whole: str, other: str, seed: int) -> None:
    ticket = store.ticket(whole)
    assert ticket is not None
    numbers = [one.number for one in ticket.parts] or [other]
    number = numbers[seed % len(numbers)]
    match what:
        case "split":
            split(store, whole, part(ROAD), part(LEVY))
        case "unsplit":
            unsplit(store, whole)
        case "reply":
            reply(store, whole, seed)
        case "reply_to_part":
            reply(store, number, seed)
        case "merge" if number != other:
            store.merging.merge(number, other, (), now=NOW, **WHO)
        case "unmerge":
            store.merging.unmerge(number, now=NOW, **WHO)
        case "grave":
            store.reclassify(number, GRAVE, (), now=NOW)
        case "answer":
            store.answer(number, "Sudah.", who="a", way="call", recipient="", now=NOW)


def test_steps_of_many_at_once_are_done_or_refused_and_nothing_else(store: Store) -> None:
    wholes, other = [open_case(store) for _ in range(3)], open_case(store)

    def work(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(16):
            with suppress(NotAllowed):
                step(store, chance.choice(STEPS), chance.choice(wholes), other, seed)

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work, seed) for seed in range(4)]:
            done.result(timeout=120)
    assert sound(store)
