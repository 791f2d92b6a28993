from ipaddress import ip_address

import httpcore2
import pytest

from sync.guard import GuardedBackend, PrivateAddress, public

INSIDE = [
    "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "0.0.0.0", "255.255.255.255", "224.0.0.1", "240.0.0.1", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fc00::1",
    "fd12:3456::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1",
    "2002:7f00:1::", "2001:0:7f00:1::1", "2001:db8::1",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_an_inside_address_is_not_public(address):
    assert not public(ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_an_address_of_the_internet_is_public(address):
    assert public(ip_address(address))


class Recording(httpcore2.AsyncNetworkBackend):
    """Notes what would have been connected to."""

    def __init__(self) -> None:
        self.connected: list[str] = []

    async def connect_tcp(self, host, port, *rest):
        self.connected.append(host)
        return httpcore2.AsyncMockStream([])


async def test_a_private_address_is_never_connected_to():
    recording = Recording()
    with pytest.raises(PrivateAddress):
        await GuardedBackend(private=False, inner=recording).connect_tcp("169.254.169.254", 80)
    assert recording.connected == []


async def test_one_private_answer_spoils_the_others(monkeypatch):
    async def two(host, port):
        return [ip_address("8.8.8.8"), ip_address("10.0.0.1")]

    monkeypatch.setattr("sync.guard.resolve", two)
    recording = Recording()
    with pytest.raises(PrivateAddress):
        await GuardedBackend(private=False, inner=recording).connect_tcp("panel.example", 443)
    assert recording.connected == []


async def test_the_checked_address_is_the_one_connected_to(monkeypatch):
    async def one(host, port):
        return [ip_address("8.8.8.8")]

    monkeypatch.setattr("sync.guard.resolve", one)
    recording = Recording()
    await GuardedBackend(private=False, inner=recording).connect_tcp("panel.example", 443)
    assert recording.connected == ["8.8.8.8"]


async def test_a_private_panel_may_be_on_this_machine():
    recording = Recording()
    await GuardedBackend(private=True, inner=recording).connect_tcp("127.0.0.1", 9000)
    assert recording.connected == ["127.0.0.1"]
