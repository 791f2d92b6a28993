"""A file that is looked at first and taken with the second press.

Between the two the server keeps nothing: the file stays chosen in the browser and is sent again. `seen` says what was looked at.
"""

import hmac
from dataclasses import dataclass
from hashlib import sha256

from litestar.datastructures import UploadFile
from litestar_htmx import HTMXRequest

from hyperpanel.web.forms import StrangeForm
from hyperpanel.web.guards import FIELD
from hyperpanel.web.visits import Visit

FIELDS = ("file", "seen", "valid_only", "do", FIELD)


@dataclass(frozen=True)
class Sent:
    body: bytes
    name: str
    seen: str
    valid_only: bool
    wants_adding: bool


async def sent(request: HTMXRequest) -> Sent:
    """Its own reading of the form: the other pages' forms hold no file."""
    form = await request.form()
    for name, value in form.multi_items():
        expected = UploadFile if name == "file" else str
        if name not in FIELDS or not isinstance(value, expected):
            raise StrangeForm(name)
    file = form.get("file")
    body, called = (await file.read(), file.filename) if isinstance(file, UploadFile) else (b"", "")
    return Sent(body, called, str(form.get("seen", "")), bool(form.get("valid_only")), form.get("do") == "add")


def seal(visit: Visit, body: bytes) -> str:
    """Only this session could have made it."""
    return hmac.new(visit.csrf.encode(), body, sha256).hexdigest()


def is_sealed(seen: str, sealed: str) -> bool:
    return hmac.compare_digest(seen.encode(), sealed.encode())
