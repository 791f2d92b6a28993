"""What somebody asked with, in words: the browser and the system that its name for itself tells of.

The name is the browser's own word and may be anything, so it is never more than a hint; whatever it holds is shown as text.
"""

from functools import lru_cache

from ua_parser import parse

from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit

LONGEST = 60


def device(visit: Visit, raw: str) -> str:
    browser, system = parsed(raw)
    if browser and system:
        return visit.say("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system or shown(raw, LONGEST) or ""


@lru_cache(maxsize=4096)
def parsed(raw: str) -> tuple[str | None, str | None]:
    """A page holds a hundred of a few; one that was not met before takes a millisecond or more."""
    found = parse(raw)
    browser = shown(found.user_agent.family, LONGEST) if found.user_agent else None
    system = shown(found.os.family, LONGEST) if found.os else None
    return browser, system
