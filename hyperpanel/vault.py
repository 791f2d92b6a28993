"""Secrets of others (panels' keys), sealed with a master key that is kept outside the database.

Each value has a data key of its own, wrapped by the master key; the place it belongs to (table, panel, name) is sealed in, so a value
moved to another row does not open. The first byte is the format, the next eight say which master key is needed.
"""

import base64
import hashlib
import hmac
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hyperpanel.config import Security
from hyperpanel.errors import Unusable

FORMAT = b"\x01"
KEY = 32
NONCE = 12
NAME = 8
WRAPPED = KEY + 16


class Vault:
    """Seals and opens. Its repr shows nothing."""

    def __init__(self, master: bytes) -> None:
        self.__master = AESGCM(master)
        self.__marking = hashlib.sha256(b"hyperpanel mark\x00" + master).digest()
        self.name = hashlib.sha256(b"hyperpanel master key\x00" + master).digest()[:NAME]

    def __repr__(self) -> str:
        return "Vault(***)"

    def seal(self, secret: str, place: str) -> bytes:
        data_key = AESGCM.generate_key(256)
        outer, inner = os.urandom(NONCE), os.urandom(NONCE)
        wrapped = self.__master.encrypt(outer, data_key, place.encode())
        return (
            FORMAT
            + self.name
            + outer
            + wrapped
            + inner
            + AESGCM(data_key).encrypt(inner, secret.encode(), place.encode())
        )

    def mark(self, text: str) -> str:
        """The same for the same text, and without the master key nobody can try which text it was."""
        return hmac.new(self.__marking, text.encode(), "sha256").hexdigest()

    def open(self, sealed: bytes, place: str) -> str:
        """Raises Unusable where the master key is another one or the value was tampered with."""
        if sealed[:1] != FORMAT or sealed[1 : 1 + NAME] != self.name:
            raise Unusable(WRONG_KEY)
        rest = sealed[1 + NAME :]
        outer, rest = rest[:NONCE], rest[NONCE:]
        wrapped, rest = rest[:WRAPPED], rest[WRAPPED:]
        try:
            data_key = self.__master.decrypt(outer, wrapped, place.encode())
            return AESGCM(data_key).decrypt(rest[:NONCE], rest[NONCE:], place.encode()).decode()
        except InvalidTag:
            raise Unusable(
                f"The stored secret for {place} was changed outside of hyperpanel. Enter that key again."
            ) from None


WRONG_KEY = (
    "The master key is not the one this database was made with. Put the right key file in place (security.key_file), "
    "or enter the panels' keys again. Nothing was changed."
)


def open_vault(security: Security, folder: Path, new: bool = True) -> Vault:
    """The master key from the settings or the key file; a `new` installation's file is made with mode 0600. Raises Unusable."""
    if security.key:
        return Vault(decoded(security.key, "security.key"))
    place = folder / security.key_file
    if not new and not place.exists():
        raise Unusable(f"There is no master key file {place}. {WRONG_KEY}")
    try:
        make(place)
        return Vault(decoded(place.read_text(encoding="ascii").strip(), str(place)))
    except (OSError, UnicodeDecodeError) as problem:
        raise Unusable(f"The master key file {place} cannot be used: {problem}.") from None


def make(place: Path) -> None:
    """Written beside and linked into place, so that two processes starting at once agree on one key."""
    if place.exists():
        if os.name == "posix" and place.stat().st_mode & 0o077:
            raise Unusable(f"The master key file {place} can be read by others. Run: chmod 600 {place}")
        return
    draft = place.with_name(f".{place.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(base64.urlsafe_b64encode(os.urandom(KEY)).decode() + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, place)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def decoded(text: str, place: str) -> bytes:
    try:
        key = base64.urlsafe_b64decode(text.encode("ascii"))
    except ValueError:
        key = b""
    if len(key) != KEY:
        raise Unusable(
            f"The master key in {place} is damaged: it must be {KEY} bytes in base64. Restore it from your backup."
        )
    return key
