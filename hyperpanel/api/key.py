"""The key that is asking, as the console knows it: what a script looks at before it begins, or when it is refused."""

from litestar import get

from hyperpanel.api.asking import ANY
from hyperpanel.api.callers import Calling
from hyperpanel.client.envelopes import Detail
from hyperpanel.client.own_keys import OwnKey


@get("/key", name="key.show", opt={"scope": ANY}, sync_to_thread=False)
def show(caller: Calling) -> Detail[OwnKey]:
    """Which key this is: its name, what it may do, which panels it may see, and its limits."""
    key = caller.key
    return Detail(
        OwnKey(
            id=key.id,
            name=key.name,
            scopes=sorted(caller.scopes),
            panels=sorted(caller.panels),
            every_panel=key.panel_ids is None,
            addresses=list(key.addresses),
            per_minute=key.per_minute,
            created_at=key.created_at,
            expires_at=key.expires_at,
            last_used_at=key.last_used_at,
        )
    )
