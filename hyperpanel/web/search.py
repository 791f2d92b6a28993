"""Search everything: behind the box in the head and Ctrl-K, and as a page of its own, which needs no script and can be linked."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from litestar import Response, get
from litestar_htmx import HTMXRequest
from sqlalchemy import Connection

from hyperpanel.db import feeds, panels
from hyperpanel.db.feeds import Feed
from hyperpanel.db.panels import Panel
from hyperpanel.support import search_words
from hyperpanel.support.search import Results, Search
from hyperpanel.support.search_words import MOST_NUMBERS, Words
from hyperpanel.web import ages, search_hits
from hyperpanel.web.empties import Empty, no_panels
from hyperpanel.web.frame import AsOf, frame
from hyperpanel.web.render import render
from hyperpanel.web.search_hits import Group
from hyperpanel.web.search_pages import PageHit, pages
from hyperpanel.web.texts import shown
from hyperpanel.web.visits import Visit, visit_of


@dataclass(frozen=True)
class Index:
    """`typed` as it came; `is_list`: many numbers, which are shown together; `missing`: those of a list that nothing has; `notes`: sentences
    about what is not shown."""

    typed: str
    is_list: bool
    groups: Sequence[Group]
    pages: Sequence[PageHit]
    missing: Sequence[str]
    notes: Sequence[str]
    empty: Empty | None
    as_of: AsOf | None


@dataclass(frozen=True)
class Found:
    panels: Sequence[Panel] = ()
    feeds: Sequence[Feed] = ()
    results: Results = field(default_factory=Results)


@get("/search", name="search.index", opt={"permission": "self"})
async def index(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    typed = next((value for name, value in visit.url.pairs if name == "q"), "")[: search_words.LONGEST]
    words = search_words.read(typed)
    found = await visit.read(lambda connection: look(connection, visit, words))
    as_of = ages.as_of(visit, found.panels, found.feeds)
    around = frame(visit, "search.index", visit.say("Search"), (), (), as_of)
    status = 422 if words.is_too_many else 200
    return render(request, around, "search/index.html", view(visit, typed, words, found, as_of), {"hits"}, status)


def look(connection: Connection, visit: Visit, words: Words) -> Found:
    known = panels.all_of(connection, visit.scope)
    nouns = search_hits.readable(visit)
    told = [feed for feed in feeds.all_of(connection, visit.scope, visit.now) if feed.stream in nouns]
    if not known or not words.typed:
        return Found(known, told)
    search = Search(connection, visit.scope, [panel.id for panel in known], words)
    return Found(known, told, search.results(nouns))


def view(visit: Visit, typed: str, words: Words, found: Found, as_of: AsOf | None) -> Index:
    names = {panel.id: panel.name for panel in found.panels}
    groups = [search_hits.group(visit, hits, words, names) for hits in found.results.hits]
    jumps = pages(visit, words.typed)
    missing = [shown(number) or "" for number in found.results.missing]
    empty = None if groups or jumps or missing else nothing(visit, words, found)
    return Index(typed, words.is_list, groups, jumps, missing, notes(visit, words, found.results), empty, as_of)


def notes(visit: Visit, words: Words, results: Results) -> list[str]:
    told = []
    if words.is_too_many:
        told.append(visit.say("Only the first %(most)s numbers were looked for.", most=visit.fmt.number(MOST_NUMBERS)))
    if results.is_short:
        told.append(visit.say("Parts of texts are found from three letters on; this was looked for as it is."))
    if results.is_cut:
        told.append(visit.say("Of some numbers there are more records than are shown here."))
    if results.is_stopped:
        told.append(visit.say("Too much looks like this to go through all of it: type more, or something rarer."))
    if results.behind:
        number = visit.fmt.number(results.behind)
        told.append(
            visit.count(
                "%(number)s record is found by its number or name only, until its texts are indexed.",
                "%(number)s records are found by their numbers or names only, until their texts are indexed.",
                results.behind,
                number=number,
            )
        )
    return told


def nothing(visit: Visit, words: Words, found: Found) -> Empty:
    if not found.panels:
        return no_panels(visit)
    if not words.typed:
        return Empty(visit.say("Type or paste a number, a link, a name, an e-mail, or a part of one."), None, None)
    if found.results.is_stopped:
        return Empty(visit.say("Nothing was found in what was looked through."), None, None)
    return Empty(visit.say("Nothing was found on the panels that you may see."), None, None)
