"""Refresh of users: those who occur in what changed. No upstream tells whose balance moved, but an order or a payment does.

Who is held under the name is asked for by id, a hundred at once; a name that nobody has is asked for by itself: a new user, or one who
was renamed and is recognised by the id.
"""

from collections.abc import Sequence
from dataclasses import replace

from msgspec.structs import replace as moved

from sync.connectors.base import Ask
from sync.reading import Run, commit, fetch, idle, ids_at_once, panel_now, spec
from sync.store import Hint, Outcome

AT_ONCE = 100
FOR_A_NAME = 10
"""Rows asked for with a name: one can come, and more show that the filter is ignored."""


async def occurring(work: Run) -> Outcome | None:
    """None when all of them were read; an Outcome where the slice is over before. Raises Trouble."""
    pages = 0
    while hints := await work.store.hints(work.claim.feed, ids_at_once(work) or AT_ONCE):
        named = [hint for hint in hints if hint.id is not None] if ids_at_once(work) else []
        pages += await by_id(work, named) if named else 0
        for hint in hints:
            if hint in named:
                continue
            if work.limits.pages is not None and pages >= work.limits.pages:
                return Outcome(work.tally, done=False)
            pages += await by_name(work, hint)
    return None


async def by_id(work: Run, hints: Sequence[Hint]) -> int:
    """Returns the requests it took."""
    ids = list(dict.fromkeys(hint.id for hint in hints if hint.id is not None))
    batch, page = await fetch(work, Ask(work.stream, limit=len(ids), ids=ids))
    if set(page.keys) - set(ids):
        work.manners = moved(work.manners, by_ids=False, doubted=int(panel_now(work, page)))
        await commit(work, batch, work.claim.cursor)
        return 1
    came = {*page.keys, *(unread.key for unread in page.unread)}
    heard = [hint for hint in hints if hint.id in came] or hints  # a panel may look at the first few alone
    await commit(work, replace(batch, heard=[(hint.username, hint.number) for hint in heard]), work.claim.cursor)
    return 1


async def by_name(work: Run, hint: Hint) -> int:
    heard = [(hint.username, hint.number)]
    if not (spec(work).by_user and work.manners.by_user):
        await commit(work, replace(idle(work), heard=heard), work.claim.cursor)
        return 0
    batch, page = await fetch(work, Ask(work.stream, limit=FOR_A_NAME, user=hint.username))
    if len(page) > 1:
        work.manners = moved(work.manners, by_user=False, doubted=int(panel_now(work, page)))
    await commit(work, replace(batch, heard=heard), work.claim.cursor)
    return 1
