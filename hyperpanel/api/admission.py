"""Which key this is, and whether it may go on: asked for each call, before anything else is looked at.

A key that is unknown, wrong, over, or used from elsewhere is refused alike and after the same work; who sends many such keys is told to wait,
which does nobody else any harm, and not whoever has a good key either. How a key stands is remembered for half a second at most, so what is
changed or revoked holds within one on every process.
"""

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import ip_address

from sqlalchemy import Connection

from hyperpanel.api.callers import Api, Caller, PanelLine
from hyperpanel.api.errors import BadKey, TooFast
from hyperpanel.api.remembering import Block, Bucket, Standing
from hyperpanel.db import api_keys, api_uses, panels
from hyperpanel.db.api_keys import Held, Key
from hyperpanel.db.panels import Panel
from hyperpanel.db.sign_ins import network
from hyperpanel.db.types import micros
from hyperpanel.support import api_keys as rules
from hyperpanel.support.api_keys import Rights
from hyperpanel.support.api_secrets import hash_of, id_of
from hyperpanel.support.client_addresses import is_one_of

NOTED_AFTER = timedelta(minutes=1)
WRONG_A_MINUTE = 100
STRANGERS = "wrong from new networks"
STRANGERS_A_MINUTE = 600
"""Networks of which this process has not heard yet, all together."""

NOBODYS = bytes(32)
WRONG = "Too many keys were wrong. Wait as long as Retry-After says, then try with a good one."
FAST = "This key may make {limit} calls a minute. Wait as long as Retry-After says."


async def admitted(api: Api, token: str | None, address: str, now: datetime) -> Caller:
    """Raises BadKey and TooFast."""
    if not token:
        raise BadKey
    key_id = id_of(token)
    standing = await standing_of(api, key_id, hash_of(token), now) if key_id else None
    allowed = judged(standing.held, address, now) if standing else None
    if not standing or not allowed:
        await count_wrong(api, address, now)
        raise BadKey
    key = standing.held.key
    headers = await spend(api, key, address, now)
    lines = {one.name: line(one) for one in standing.panels}
    return Caller(api, key, allowed.scopes, allowed.scope, lines, now, address, headers=headers)


def line(panel: Panel) -> PanelLine:
    return PanelLine(panel.id, panel.name, panel.currency, panel.time_zone, panel.group_name)


async def standing_of(api: Api, key_id: str, digest: bytes, now: datetime) -> Standing | None:
    """None after the same work, whether there is no such key or its secret is another."""
    known = api.memory.keys.get(digest)
    if known and known.is_fresh(now):
        return known

    def read(connection: Connection) -> Standing | None:
        if not hmac.compare_digest(api_keys.digest(connection, key_id) or NOBODYS, digest):
            return None
        held = api_keys.held(connection, key_id)
        return Standing(held, tuple(panels.all_of(connection, rules.sight(held))), now) if held else None

    found = await api.database.read(read)
    return api.memory.keys.put(digest, found) if found else None


def judged(held: Held, address: str, now: datetime) -> Rights | None:
    comes_from = not held.key.addresses or is_one_of(plain(address), held.key.addresses)
    return rules.rights(held, now) if comes_from else None


def plain(address: str) -> str:
    """IPv4 that is written as IPv6 is IPv4."""
    try:
        return str(getattr(ip_address(address), "ipv4_mapped", None) or address)
    except ValueError:
        return address


async def spend(api: Api, key: Key, address: str, now: datetime) -> Mapping[str, str]:
    """What every answer tells of the limit. Raises TooFast."""
    bucket = bucket_of(api, f"key {key.id}")
    async with bucket.turn:
        if (wait := refused_for(bucket, now)) is None and not has_room(bucket, now):
            wait = await refill(api, bucket, key, address, now)
        if wait is not None:
            told = {**limits(key, 0, wait), "Retry-After": str(whole(wait))}
            raise TooFast(wait, FAST.format(limit=key.per_minute), told, key.id)
        return spent(bucket, key, now)


def bucket_of(api: Api, name: str) -> Bucket:
    known = api.memory.buckets.get(name)
    return known if known else api.memory.buckets.put(name, Bucket(name))


def refused_for(bucket: Bucket, now: datetime) -> float | None:
    """Seconds, where the store said so a moment ago: asking again would cost a write."""
    until = bucket.refused_until
    return (until - now).total_seconds() if until and now < until <= now + timedelta(minutes=1) else None


def has_room(bucket: Bucket, now: datetime) -> bool:
    return bucket.block is not None and bucket.block.left > 0 and bucket.block.lasts(now)


async def refill(api: Api, bucket: Bucket, key: Key, address: str, now: datetime) -> float | None:
    """Another block; with it goes the note of when the key was last used. Seconds to wait, where there is none."""
    wanted = bucket.block.next_size(now) if bucket.block else 1
    async with api.database.write() as transaction:
        if key.last_used_at is None or now - key.last_used_at >= NOTED_AFTER:
            await api_keys.note_use(transaction, key.id, address, now, now - NOTED_AFTER)
        taken = await api_uses.take(transaction, bucket.name, key.per_minute, min(wanted, second_of(key)), now)
    return bucket.filled(Block.of(taken, now), api_uses.wait(key.per_minute, taken.free_at, now), now)


def second_of(key: Key) -> int:
    return max(1, key.per_minute // 60)


def spent(bucket: Bucket, key: Key, now: datetime) -> Mapping[str, str]:
    block = bucket.used_one()
    room = api_uses.left(key.per_minute, block.free_at, now) + block.left
    return limits(key, room, max(0.0, (block.free_at - micros(now)) / 1_000_000))


def limits(key: Key, left: int, seconds: float) -> dict[str, str]:
    """Reset: when all calls of a minute will be there again; with a refusal, when the next one will be."""
    return {
        "X-RateLimit-Limit": str(key.per_minute),
        "X-RateLimit-Remaining": str(min(left, key.per_minute)),
        "X-RateLimit-Reset": str(whole(seconds)),
    }


def whole(seconds: float) -> int:
    return max(1, -int(-seconds // 1)) if seconds > 0 else 0


async def count_wrong(api: Api, address: str, now: datetime) -> None:
    """Raises TooFast where there were too many from this network, or from ever new ones: each of those would leave a row."""
    name = f"wrong {network(address)}"
    if api.memory.buckets.get(name) is None:
        await use_one(api, STRANGERS, STRANGERS_A_MINUTE, now)
    await use_one(api, name, WRONG_A_MINUTE, now)


async def use_one(api: Api, name: str, per_minute: int, now: datetime) -> None:
    """Of so many wrong keys. Ten at most are counted with one write."""
    bucket = bucket_of(api, name)
    async with bucket.turn:
        if (wait := refused_for(bucket, now)) is None and not has_room(bucket, now):
            wanted = min(WRONG_A_MINUTE // 10, bucket.block.next_size(now) if bucket.block else 1)
            async with api.database.write() as transaction:
                taken = await api_uses.take(transaction, bucket.name, per_minute, wanted, now)
            wait = bucket.filled(Block.of(taken, now), api_uses.wait(per_minute, taken.free_at, now), now)
        if wait is not None:
            raise TooFast(wait, WRONG)
        bucket.used_one()
