"""What is around an answer, on its way and back."""

import msgspec

from hyperpanel.client.envelopes import End, Ended, Listed, Pagination, Refusal, Rows


def test_a_list_comes_back_as_it_was_sent():
    sent = Listed(Rows(1, True, ["a"]), Pagination("", "/orders?cursor=x", 0, 100, "x"))
    assert msgspec.json.decode(msgspec.json.encode(sent), type=Listed[str]) == sent


def test_a_panels_own_list_is_read_too():
    pages = b'"pagination":{"prev_page_href":"","next_page_href":"","offset":0,"limit":9}'
    theirs = b'{"data":{"count":1,"count_is_total":true,"list":["a"]},' + pages + b"}"
    found = msgspec.json.decode(theirs, type=Listed[str])
    assert (found.as_of, found.error_code, found.pagination.next_cursor) == (None, 0, "")


def test_a_refusal_holds_what_it_has_to_say_and_no_more():
    told = Refusal(error_message="Page not found.", error_code=100)
    assert msgspec.json.encode(told) == b'{"data":[],"error_message":"Page not found.","error_code":100}'


def test_the_end_of_lines_is_told_apart_from_a_row():
    assert msgspec.json.encode(End(Ended(2))) == b'{"end":{"count":2,"next_cursor":""}}'
