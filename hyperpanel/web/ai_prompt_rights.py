"""Who may change AI prompts: whoever sees every panel, since a prompt decides what is sent about all of them, and to whom.

Who sees some panels alone looks at them, and tries texts out with the main provider.
"""

from collections.abc import Mapping

from hyperpanel.db.ai_scores import Run
from hyperpanel.errors import BadInput, Refused
from hyperpanel.web import refusals
from hyperpanel.web.ai_prompt_places import MAY
from hyperpanel.web.visits import Visit


def may_change(visit: Visit) -> bool:
    return visit.scope.panel_ids is None


def may_stop(visit: Visit, run: Run | None) -> bool:
    """One's own too."""
    is_own = run is not None and visit.person is not None and run.by == visit.person.username
    return is_own or may_change(visit)


async def require(visit: Visit, sent: Mapping[str, str]) -> None:
    """Raises Refused for who sees some panels alone, and BadInput where nothing was sent."""
    if may_change(visit):
        return
    if not any(sent.values()):
        raise BadInput("nothing was sent", "prompt")
    await refuse(visit)


async def refuse(visit: Visit) -> None:
    await refusals.tell(visit, permission=MAY)
    raise Refused(MAY)
