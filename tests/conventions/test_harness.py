"""What the other tests rely on: no way out, and a database of one's own on both systems."""

import socket

import pytest
from sqlalchemy import create_engine, inspect

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


def test_a_database_is_migrated(database_url):
    engine = create_engine(database_url)
    assert "orders" in inspect(engine).get_table_names()
    engine.dispose()


def test_a_bare_database_is_empty(bare_database_url):
    engine = create_engine(bare_database_url)
    assert inspect(engine).get_table_names() == []
    engine.dispose()
