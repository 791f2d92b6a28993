"""Help: short topics, each about one thing that a person wants to do, and a search in their words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from litestar import Response, get
from litestar.params import FromPath
from litestar_htmx import HTMXRequest
from markupsafe import Markup

from hyperpanel.errors import Missing
from hyperpanel.web import help_topics
from hyperpanel.web.empties import Empty
from hyperpanel.web.frame import frame
from hyperpanel.web.help_topics import PARTS, Topic
from hyperpanel.web.render import render
from hyperpanel.web.visits import Visit, visit_of

HERE = "/help"
LONGEST = 100


@dataclass(frozen=True)
class Link:
    href: str
    title: str
    lead: str


@dataclass(frozen=True)
class Part:
    title: str
    links: Sequence[Link]


@dataclass(frozen=True)
class Index:
    """`written_in`: the language of the topics, where it is not the page's."""

    sought: str
    parts: Sequence[Part]
    empty: Empty | None
    written_in: str | None


@dataclass(frozen=True)
class Show:
    body: Markup
    others: Sequence[Link]
    back_href: str
    written_in: str | None


@get(HERE, name="help.index", opt={"permission": "self"})
async def index(request: HTMXRequest) -> Response[str]:
    visit = visit_of(request)
    written_in, topics = known(visit)
    words = request.query_params.get("q", "").strip()[:LONGEST]
    parts = found(visit, topics, words) if words else by_part(visit, topics)
    view = Index(words, parts, None if parts else nothing(visit), written_in)
    return render(request, frame(visit, "help.index", visit.say("Help")), "help/index.html", view, {"topics"})


@get(HERE + "/{topic:str}", name="help.show", opt={"permission": "self"})
async def show(request: HTMXRequest, topic: FromPath[str]) -> Response[str]:
    visit = visit_of(request)
    written_in, topics = known(visit)
    if topic not in topics:
        raise Missing("topic")
    told = topics[topic]
    others = [link(other) for other in topics.values() if other.part == told.part and other is not told]
    view = Show(told.body, others, HERE, written_in)
    return render(request, frame(visit, "help.index", told.title), "help/show.html", view)


def known(visit: Visit) -> tuple[str | None, Mapping[str, Topic]]:
    language, topics = help_topics.of_language(visit.console.topics, visit.language.code)
    return (None if language == visit.language.code else language), topics


def by_part(visit: Visit, topics: Mapping[str, Topic]) -> list[Part]:
    parts = (
        (visit.say(title), [link(topic) for topic in topics.values() if topic.part == part])
        for part, title in PARTS.items()
    )
    return [Part(title, links) for title, links in parts if links]


def found(visit: Visit, topics: Mapping[str, Topic], words: str) -> list[Part]:
    links = [
        Link(f"{HERE}/{topic.name}", topic.title, help_topics.snippet(topic, words))
        for topic in help_topics.sought(topics, words)
    ]
    number = visit.fmt.number(len(links))
    title = visit.count("%(number)s topic found", "%(number)s topics found", len(links), number=number)
    return [Part(title, links)] if links else []


def nothing(visit: Visit) -> Empty:
    return Empty(visit.say("No topic has all of these words."), visit.say("See all topics"), HERE)


def link(topic: Topic) -> Link:
    return Link(f"{HERE}/{topic.name}", topic.title, topic.lead)
