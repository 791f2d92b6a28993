"""Addresses of Settings → Panels, and the way back to its list with a word of what was done."""

from urllib.parse import quote

from litestar import Response

from hyperpanel.db.panels import Panel
from hyperpanel.web.addresses import Address, address, local
from hyperpanel.web.languages import N_
from hyperpanel.web.render import see_other

HERE = "/settings/panels"
SAID = ("done", "of")
DONE = {
    "added": N_("%(panel)s was added. It is read from now on."),
    "saved": N_("%(panel)s was saved."),
    "anew": N_("%(panel)s was saved. All of its records are being read again."),
    "paused": N_("%(panel)s is paused."),
    "resumed": N_("%(panel)s is read again."),
    "removing": N_("%(panel)s is being removed. This goes on if you leave the page."),
}
"""What has just been done, as the list's address says it: only the name of a panel that is there goes into these."""


def href_of(panel: Panel) -> str:
    return f"{HERE}/{quote(panel.name, safe='')}"


def back(done: str, panel: Panel, onward: str = "") -> Response[str]:
    """`onward`: the list as it was filtered."""
    pairs = address(local(onward)).pairs if onward.startswith(HERE) else ()
    return see_other(str(Address(HERE, pairs).having(done=done, of=panel.name)))
