"""A session's form token, masked anew for each answer, so that the length of a compressed page tells nothing of it.

The mask goes along: the token is 'mask, then token XOR mask', and any of them serves as long as the session does.
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode


def masked(token: str) -> str:
    plain = token.encode()
    mask = secrets.token_bytes(len(plain))
    return urlsafe_b64encode(mask + mixed(plain, mask)).decode()


def unmasked(token: str) -> bytes:
    """Empty for what is no masked token."""
    try:
        whole = urlsafe_b64decode(token.encode("ascii"))
    except ValueError:
        return b""
    half = len(whole) // 2
    return mixed(whole[:half], whole[half:]) if len(whole) == 2 * half else b""


def mixed(one: bytes, other: bytes) -> bytes:
    return (int.from_bytes(one) ^ int.from_bytes(other)).to_bytes(len(one))
