"""What a reader sees of a message: its text without markup, entities as their letters, each run of spaces as one.

Written as expressions over a column, since a window holds tens of thousands of bodies; only those with an entity in them are looked at one by
one. Tags go before entities are read, so that a "<b>" that somebody wrote about stays. What has no width is not seen: else a reply could be
padded with it.
"""

from html import unescape

import polars as pl

UNREAD = r"(?is)<!--.*?-->|<script\b[^<>]*>.*?</script\s*>|<style\b[^<>]*>.*?</style\s*>"
BREAKS = (
    r"(?i)</?(?:p|div|br|hr|li|ul|ol|pre|blockquote|h[1-6]|table|tbody|thead|tr|td|th|section|article|img)"
    r"(?:[\s/][^<>]*)?>"
)
TAGS = r"""(?i)</?[a-z](?:[^<>"']|"[^"]*"|'[^']*')*>|</?[a-z][^<>]*>|<!doctype[^<>]*>"""
LINKED = r"""(?is)<a\s[^<>]*?href\s*=\s*["']?\s*(?:https?:|mailto:)[^<>]*>.*?</a\s*>"""
UNSEEN = (
    r"[\x{00AD}\x{034F}\x{061C}\x{115F}\x{1160}\x{180E}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{206F}\x{2800}"
    r"\x{3164}\x{FE00}-\x{FE0F}\x{FEFF}\x{FFA0}\x{E0000}-\x{E0FFF}]"
)


def plain(bodies: pl.Series) -> pl.Series:
    """As it is read, in one line."""
    bare = in_frame(bodies, pl.col("body").str.replace_all(UNREAD, "").str.replace_all(BREAKS, " "))
    text = decoded(in_frame(bare, pl.col("body").str.replace_all(TAGS, "")))
    seen = pl.col("body").str.replace_all(UNSEEN, "").str.replace_all(r"\s+", " ").str.strip_chars()
    return in_frame(text, seen)


def outside_links(bodies: pl.Series) -> pl.Series:
    """Without what leads elsewhere: a number in its words is the address's."""
    return plain(in_frame(bodies, pl.col("body").str.replace_all(LINKED, " ")))


def decoded(text: pl.Series) -> pl.Series:
    has_entity = text.str.contains("&", literal=True)
    if not has_entity.any():
        return text
    return text.scatter(has_entity.arg_true(), [unescape(one) for one in text.filter(has_entity)])


def in_frame(series: pl.Series, made: pl.Expr) -> pl.Series:
    return pl.DataFrame({"body": series.cast(pl.String)}).select(made.alias("body")).to_series()
