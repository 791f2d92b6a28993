"""What the other tests rely on: no way out, and a database of one's own on both systems."""

import socket

import pytest
from sqlalchemy import create_engine, func, insert, inspect, select

from hyperpanel.db.schema import panels
from tests.support.records import NOON
from tests.support.sockets import SocketForbidden


def test_a_unit_test_opens_no_socket():
    with pytest.raises(SocketForbidden):
        socket.create_connection(("127.0.0.1", 9))


@pytest.mark.loopback
@pytest.mark.parametrize("host", ["192.0.2.1", "panel.example"])
def test_no_test_reaches_the_outside(host):
    with pytest.raises(SocketForbidden):
        socket.create_connection((host, 80))


@pytest.mark.loopback
def test_a_marked_test_uses_this_machine():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_test_has_a_database_of_its_own(database_url, turn):
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE mine (turn TEXT)")
    engine.dispose()


@pytest.mark.parametrize("turn", ["first", "second"])
def test_a_database_that_is_lent_again_is_as_new(database_url, turn):
    engine = create_engine(database_url)
    with engine.begin() as connection:
        assert connection.scalar(select(func.count()).select_from(panels)) == 0
        facts = {"kind": "k", "url": "u", "currency": "USD", "time_zone": "UTC", "rate": 4.0, "private": False}
        made = insert(panels).values(name="eu-1", folded="eu-1", created_at=NOON, **facts).returning(panels.c.id)
        assert connection.execute(made).scalar_one() == 1
    engine.dispose()


def test_a_database_is_migrated(database_url):
    engine = create_engine(database_url)
    assert "orders" in inspect(engine).get_table_names()
    engine.dispose()


def test_a_bare_database_is_empty(bare_database_url):
    engine = create_engine(bare_database_url)
    assert inspect(engine).get_table_names() == []
    engine.dispose()
