"""Words of upstreams in the person's language: those that are known by their meaning, any other as it is, made readable."""

from collections.abc import Mapping

from hyperpanel.web.languages import Language
from hyperpanel.web.texts import shown


def known_or_readable(language: Language, known: Mapping[str, str], word: str) -> str:
    return language.say(known[word]) if word in known else readable(word)


def readable(word: str) -> str:
    plain = (shown(word) or "").replace("_", " ")
    return plain[:1].upper() + plain[1:]
