"""Other people's text, made safe to look at: what cannot be seen, or turns the line around, is shown as a mark.

A panel's users choose their names and links. An override character in one of them could make a row read as another;
the marks show it. Joiners (U+200C, U+200D) are left alone: Persian words and emoji are made with them.
"""

import re
from urllib.parse import urlsplit

LONGEST_NAME, LONGEST_LINK = 256, 2048
HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
SAFE_HOST = re.compile(r"[a-z0-9.-]+\.[a-z0-9-]+")


def shown(text: str | None, longest: int = LONGEST_NAME) -> str | None:
    if text is None or (text.isascii() and text.isprintable() and len(text) <= longest):
        return text
    marked = HIDDEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)
    return marked if len(marked) <= longest else marked[: longest - 1] + "…"


def safe_link(link: str | None) -> str | None:
    """The link itself where a browser may follow it: http or https, a plain host name, nobody's name and password in
    it."""
    if not link or len(link) > LONGEST_LINK or not link.isprintable() or HIDDEN.search(link) or " " in link:
        return None
    try:
        parts = urlsplit(link)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        return None
    host = parts.hostname or ""
    plain = parts.scheme in ("http", "https") and "@" not in parts.netloc and "\\" not in link
    return link if plain and port_is_fine and SAFE_HOST.fullmatch(host) else None
