"""A front that speaks TLS before a server that speaks none, with whatever certificate a test wants of it."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HERE = "127.0.0.1"
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Signed:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def written(self, place: Path) -> Path:
        """With its key, as a server wants it."""
        key = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        place.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM) + key)
        return place


def authority() -> Signed:
    return signed("A test's authority", None, is_authority=True)


def signed(
    name: str, issuer: Signed | None, *, until: timedelta = DAY, address: str = HERE, is_authority: bool = False
) -> Signed:
    """For `address`; by itself where there is no issuer."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 10 * DAY)
        .not_valid_after(now + until)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    signer = issuer or Signed(None, key)  # type: ignore[arg-type] # it signs itself: only the key counts
    known_by = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.key.public_key())
    return Signed(made.add_extension(known_by, critical=False).sign(signer.key, hashes.SHA256()), key)


@contextmanager
def front(certificate: Path, behind: int) -> Iterator[str]:
    """Yields its address; what it is told goes on to the port `behind`."""
    ready, ends = threading.Event(), threading.Event()
    found: list[int] = []

    async def serve() -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server = await asyncio.start_server(
            lambda reader, writer: forward(reader, writer, behind), HERE, 0, ssl=context
        )
        found.append(server.sockets[0].getsockname()[1])
        ready.set()
        async with server:
            await asyncio.to_thread(ends.wait)

    thread = threading.Thread(target=asyncio.run, args=(serve(),), name="tls")
    thread.start()
    try:
        ready.wait(10)
        yield f"https://{HERE}:{found[0]}"
    finally:
        ends.set()
        thread.join()


async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, behind: int) -> None:
    far_reader, far_writer = await asyncio.open_connection(HERE, behind)
    await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer))


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while part := await reader.read(65_536):
            writer.write(part)
            await writer.drain()
    with suppress(OSError):
        writer.close()
        await writer.wait_closed()
