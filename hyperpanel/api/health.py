"""Whether the console answers at all: for watchers, without a key, and so it tells no more."""

from litestar import get

from hyperpanel.api.asking import PUBLIC
from hyperpanel.client.envelopes import Health


@get("/health", name="health.show", opt={"scope": PUBLIC}, sync_to_thread=False)
def show() -> Health:
    """Whether the console answers. It needs no key, and tells nothing else."""
    return Health()
