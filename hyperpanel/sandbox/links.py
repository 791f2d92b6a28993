"""The links that customers paste: on example hosts, so that none of them leads to anybody, and some of them sloppy."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator

from hyperpanel.sandbox.chance import mix

WORDS = re.compile(r"[\w-]+")
PATHS = {
    "profile": ("/", ""), "post": ("/p/", "/"), "reel": ("/reel/", "/"), "story": ("/stories/", "/"),
    "watch": ("/watch?v=", ""), "shorts": ("/shorts/", ""), "channel": ("/channel/", ""), "page": ("/pages/", ""),
    "track": ("/track/", ""), "artist": ("/artist/", ""), "video": ("/@clip/video/", ""),
    "site": ("/?ref=", "&utm_source=promo"),
}  # fmt: skip


def frame(platform: str, place: str) -> tuple[str, str]:
    """What stands before and after the code."""
    before, after = PATHS[place]
    host = "shop.example" if platform == "website" else f"www.{platform}.example"
    return f"https://{host}{before}", after


def code(customer: int, bits: int, digits: bool) -> str:
    """Customers come back to the same few links, so the code hangs on them more than on the order."""
    seed = mix(customer << 8 | bits % (3 + customer % 9))
    if digits:
        return str(7 * 10**18 + seed % 10**18)
    return urlsafe_b64encode(seed.to_bytes(8, "big"))[:11].decode()


def codes(customer: int) -> Iterator[str]:
    """Every code that can stand in this customer's links."""
    for bits in range(3 + customer % 9):
        yield code(customer, bits, digits=False)
        yield code(customer, bits, digits=True)


def words(link: str) -> list[str]:
    """The parts of a link among which its code is."""
    return WORDS.findall(link)


def sloppy(link: str, bits: int) -> str:
    """One in a thousand is not an address, or not only one."""
    bare = link.removeprefix("https://")
    name = bare.rstrip("/").rpartition("/")[2]
    return (
        bare, f"@{name}", f"  {link} ", f"{name} hızlı", link.replace("https", "HTTP", 1), f"{link}?igsh=\"><b>{name}</b>",
        f"lütfen hızlı 🙏 {link}", f"لطفا سریع {link}",
    )[bits & 7]  # fmt: skip
