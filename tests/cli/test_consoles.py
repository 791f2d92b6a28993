"""`panel add --kind hyperpanel`: a console is asked for its panels, and each becomes one of ours."""

import json

import pytest

from tests.support.stand_in_console import KEY, StandIn, line, standing_in

pytestmark = pytest.mark.loopback

GIVEN = json.dumps({"admin_key": KEY})


def words(url, *more):
    return ("panel", "add", "far", "--kind", "hyperpanel", "--url", url, "--private", "--secrets-stdin", *more)


def names(home):
    return [(one["name"], one["currency"], one["rate"]) for one in home.told("panel", "list")]


def test_each_of_its_panels_becomes_one_and_their_rates_share_the_keys(home):
    with standing_in(StandIn(per_minute=60)) as url:
        said = home.done(*words(url), given=GIVEN)
    assert "ok    key: far-eu-1 accepts the key." in said
    assert names(home) == [("far-eu-1", "EUR", 0.5), ("far-us-2", "EUR", 0.5)]


def test_one_may_be_chosen_and_what_is_here_is_left_and_said(home):
    with standing_in(StandIn()) as url:
        home.done(*words(url, "--only", "us-2", "--no-check"), given=GIVEN)
        again = json.loads(home.done(*words(url, "--json", "--no-check"), given=GIVEN))
    assert ([one["name"] for one in again["added"]], again["here"]) == (["far-eu-1"], ["us-2"])


def test_one_panel_of_a_console_gets_the_name_itself(home):
    with standing_in(StandIn()) as url:
        home.done(*words(f"{url}/p/eu-1/adminapi/v2", "--rate", "2"), given=GIVEN)
    assert names(home) == [("far", "EUR", 2.0)]


def test_a_panel_that_the_console_does_not_have_is_told_with_those_that_it_has(home):
    with standing_in(StandIn()) as url:
        assert "It has: eu-1, us-2." in home.refused(*words(url, "--only", "eu-9"), given=GIVEN)
    assert names(home) == []


def test_what_is_wrong_with_it_keeps_it_out(home):
    with standing_in(StandIn(is_console=False)) as url:
        assert "is no hyperpanel" in home.refused(*words(url), given=GIVEN)
    with standing_in(StandIn(lines=[line("eu-1", currency="EURO!")])) as url:
        assert "is no currency" in home.refused(*words(url), given=GIVEN)
    assert names(home) == []
