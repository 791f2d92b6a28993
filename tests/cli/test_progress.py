"""Progress where stderr is no terminal: now and then a line."""

from hyperpanel.cli.progress import EVERY, plain


def test_a_count_is_told_at_once_and_then_now_and_then(capsys):
    now = [0.0]
    show = plain("read", lambda: now[0])
    for second, count in ((0.0, 1000), (0.1, 2000), (EVERY, 3000), (EVERY * 2, 3000)):
        now[0] = second
        show("eu-1 orders", count)
    assert capsys.readouterr().err.splitlines() == ["eu-1 orders: 1 000 read", "eu-1 orders: 3 000 read"]


def test_each_feed_has_its_own_pace(capsys):
    show = plain("read", lambda: 0.0)
    show("eu-1 orders", 1)
    show("us-2 orders", 1)
    assert len(capsys.readouterr().err.splitlines()) == 2
