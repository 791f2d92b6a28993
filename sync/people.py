"""Refresh of users: those who occur in what changed. No upstream tells whose balance moved, but an order or a payment does.

Who is held under the name is asked for by id, a hundred at once; a name that nobody has is asked for by itself: a new user, or one who
was renamed and is recognised by the id.
"""

from collections.abc import Sequence
from dataclasses import replace

from msgspec.structs import replace as moved

from sync.connectors.base import Ask
from sync.reading import Run, commit, doubt, fetch, idle, ids_at_once, spec
from sync.store import Hint, Outcome

AT_ONCE = 100
FOR_A_NAME = 10
"""Rows asked for with a name: one can come, and more show that the filter is ignored."""


async def occurring(work: Run) -> Outcome | None:
    """None when all of them were read; an Outcome where the slice is over before. Raises Trouble."""
    pages = 0
    while hints := await work.store.hints(work.claim.feed, ids_at_once(work) or AT_ONCE):
        if work.limits.pages is not None and pages >= work.limits.pages:
            return Outcome(work.tally, done=False)
        if not (ids_at_once(work) or askable_by_name(work)):
            heard = [(hint.username, hint.number) for hint in hints]
            await commit(work, replace(idle(work), heard=heard), work.claim.cursor)
            continue
        named = [hint for hint in hints if hint.id is not None] if ids_at_once(work) else []
        strangers = [hint for hint in hints if hint not in named]
        if named:
            strangers += await by_id(work, named)
            pages += 1
        for hint in dict.fromkeys(strangers):
            if work.limits.pages is not None and pages >= work.limits.pages:
                return Outcome(work.tally, done=False)
            pages += await by_name(work, hint)
    return None


def askable_by_name(work: Run) -> bool:
    return spec(work).by_user and work.manners.by_user


async def by_id(work: Run, hints: Sequence[Hint]) -> Sequence[Hint]:
    """Returns the hints whose user has another name by now: somebody else may have taken the one that was meant."""
    ids = list(dict.fromkeys(hint.id for hint in hints if hint.id is not None))
    batch, page = await fetch(work, Ask(work.stream, limit=len(ids), ids=ids))
    if set(page.keys) - set(ids):
        doubt(work, moved(work.manners, by_ids=False))
        await commit(work, batch, work.claim.cursor)
        return ()
    came = {*page.keys, *(unread.key for unread in page.unread)}
    # A panel may look at the first few alone: where nobody came, only the first has surely been looked for.
    heard = [hint for hint in hints if hint.id in came] or [hint for hint in hints if hint.id == ids[0]]
    names = {item.record.id: getattr(item.record, "username", None) for item in batch.fresh}
    taken = [hint for hint in heard if names.get(hint.id or "", hint.username) != hint.username]
    told = [(hint.username, hint.number) for hint in heard if hint not in taken]
    await commit(work, replace(batch, heard=told), work.claim.cursor)
    return taken


async def by_name(work: Run, hint: Hint) -> int:
    heard = [(hint.username, hint.number)]
    if not askable_by_name(work):
        await commit(work, replace(idle(work), heard=heard), work.claim.cursor)
        return 0
    batch, page = await fetch(work, Ask(work.stream, limit=FOR_A_NAME, user=hint.username))
    if len(page) > 1:
        doubt(work, moved(work.manners, by_user=False))
    await commit(work, replace(batch, heard=heard), work.claim.cursor)
    return 1
