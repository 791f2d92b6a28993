"""Pages leave smaller, and the length of a page tells nothing of the token in it."""

import re

from tests.support.staged import TOKEN, order

ZIPPED = {"accept-encoding": "gzip"}


async def test_a_list_of_a_hundred_rows_is_a_tenth_on_its_way(staged, ana):
    await staged.keep(*(order(str(1000 + number)) for number in range(100)))
    answer = await ana.get("/orders", headers=ZIPPED)
    assert int(answer.headers["content-length"]) * 10 < len(answer.content)
    assert {"HX-Request", "Accept-Encoding"} == set(re.split(", ?", answer.headers["vary"]))


async def test_an_error_page_is_sent_smaller_too(ana):
    answer = await ana.get("/nowhere", headers=ZIPPED)
    assert (answer.status_code, answer.headers["content-encoding"]) == (404, "gzip")


async def test_head_tells_of_the_page_that_get_would_send(ana):
    answer = await ana.head("/orders", headers=ZIPPED)
    assert (answer.content, answer.headers["content-encoding"]) == (b"", "gzip")


async def test_no_two_pages_hold_the_same_token_and_all_of_them_serve(ana):
    ana.headers.pop("x-csrf")
    tokens = [TOKEN.findall((await ana.get("/orders")).text)[0] for _ in range(3)]
    answers = [await ana.post("/preferences", data={"theme": "dark", "csrf": token}) for token in tokens]
    assert len(set(tokens)) == 3
    assert [answer.status_code for answer in answers] == [303, 303, 303]
