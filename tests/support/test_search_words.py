"""What is pasted is read for what it names, however it comes."""

import pytest

from hyperpanel.support.search_words import MOST_NUMBERS, read


@pytest.mark.parametrize(
    "typed",
    [
        "2274209",
        "#2274209",
        ' "2274209" ',
        "«2274209»",
        "(#2274209).",
        "۲۲۷۴۲۰۹",
        "٢٢٧٤٢٠٩",
        "２２７４２０９",
        "\u200e2274209\u200f",
        "№2274209",
    ],
)
def test_a_number_is_read_whatever_stands_around_it(typed):
    assert read(typed).numbers == ("2274209",)
    assert not read(typed).is_list


@pytest.mark.parametrize(
    "typed", ["1001 1002 1003", "1001,1002;1003", "1001\n1002\r\n1003", "#1001، #1002 , 1003,1001", "1001|1002|1003"]
)
def test_several_numbers_are_a_list(typed):
    words = read(typed)
    assert (words.numbers, words.is_list, words.parts) == (("1001", "1002", "1003"), True, ())


def test_a_list_may_be_one_text_after_all_if_it_is_short_enough_for_one():
    assert read(" 4512 8890  1177 ").whole == "4512 8890 1177"
    assert read(" ".join(map(str, range(1000, 1099)))).whole == read("4512").whole == ""


def test_of_too_many_numbers_the_first_are_looked_up_and_it_is_told():
    words = read(" ".join(map(str, range(1000, 1000 + MOST_NUMBERS + 5))))
    assert (len(words.numbers), words.is_too_many) == (MOST_NUMBERS, True)


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("Merhaba, 2274209 numaralı siparişim gelmedi!", ("2274209",)),
        ("orders 2274209 and #17 are stuck", ("2274209", "17")),
        ("سفارش ۲۲۷۴۲۰۹ نرسید", ("2274209",)),
        ("I paid 20 dollars in 2 parts", ()),
    ],
)
def test_a_sentence_is_read_for_the_numbers_in_it(typed, numbers):
    assert read(typed).numbers == numbers


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("https://www.instagram.com/p/C8abc/", ("instagram.com/p/C8abc",)),
        ("instagram.com/kadir", ("instagram.com/kadir",)),
        ("https://www.instagram.com/reel/C8/?igsh=x1==", ("instagram.com/reel/C8/?igsh=x1==", "instagram.com/reel/C8")),
        ("https://youtu.example/watch?v=a_B-c", ("youtu.example/watch?v=a_B-c", "youtu.example/watch")),
        ("where is http://t.example/a, please", ("t.example/a",)),
    ],
)
def test_a_link_is_looked_for_without_what_was_put_around_it(typed, parts):
    assert read(typed).parts == parts


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("kadir", "kadir"),
        ("@kadir", "kadir"),
        ("“şükrü_ağaoğlu”", "şükrü_ağaoğlu"),
        ("k@mail.example", "k@mail.example"),
    ],
)
def test_a_word_is_a_name_and_a_part(typed, name):
    assert (read(typed).name, read(typed).parts) == (name, (name,))


def test_a_mail_in_a_sentence_is_a_name():
    assert read("my mail is k@mail.example.").name == "k@mail.example"


def test_other_sentences_are_a_part_as_they_are():
    assert read("  Instagram   Followers [10K] ").parts == ("Instagram Followers [10K",)


@pytest.mark.parametrize(
    "typed", ["", "   ", "\u200b", '""', "...", "#", "@", "//", "http://", "\x00", "a\x00b", "%" * 9000, "[" * 300]
)
def test_nothing_that_is_typed_fails(typed):
    assert len(read(typed).parts) <= 3


@pytest.mark.parametrize("unit", ["a", "a.", "a@", "a.b/", "1 ", "http://", "-"])
def test_long_pastes_are_read_in_one_go(unit):
    """Some seconds each, where a pattern goes back and forth."""
    words = read(unit * 8000)
    assert all(len(part) <= 2048 for part in words.parts)
