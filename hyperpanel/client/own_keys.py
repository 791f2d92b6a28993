"""What a key is told of itself."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct


class OwnKey(Struct, frozen=True):
    """The key that is asking."""

    id: Annotated[str, Meta(description="The part of it that may be shown.", examples=["4fK2mQ9xLs1T"])]
    name: Annotated[str, Meta(examples=["night report"])]
    scopes: Annotated[
        Sequence[str], Meta(description="What it may do at this moment.", examples=[["orders:read", "sync:read"]])
    ]
    panels: Annotated[Sequence[str], Meta(description="Those that it may see at this moment.", examples=[["eu-1"]])]
    every_panel: Annotated[bool, Meta(description="Whether panels that are added later will be among them.")]
    addresses: Annotated[
        Sequence[str], Meta(description="From where it may be used; none: from anywhere.", examples=[[]])
    ]
    per_minute: Annotated[int, Meta(description="Calls that it may make in a minute.", examples=[300])]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
