from hyperpanel.sandbox.limits import Window


def taken(window, times, rate=5):
    return [window.take(now, rate) for now in times]


def test_a_sixth_within_a_second_is_refused():
    assert taken(Window(), [0, 0.1, 0.2, 0.3, 0.4, 0.9]) == [True] * 5 + [False]


def test_the_window_slides():
    assert taken(Window(), [0, 0.5, 0.6, 0.7, 0.8, 1.0, 1.4, 1.5]) == [True] * 6 + [False, True]


def test_what_was_refused_does_not_count():
    assert taken(Window(), [0, 0, 0, 0, 0, 0.5, 0.6, 0.7, 1.0]) == [True] * 5 + [False] * 3 + [True]


def test_it_says_how_long_to_wait():
    window = Window()
    window.take(10.0, 1)
    assert window.wait(10.25) == 0.75
