"""Chance that repeats: all that is random here comes from a seed and a name, so the same seed gives the same fleet."""

from random import Random

MASK = (1 << 64) - 1


def rng(*name: object) -> Random:
    """A generator that belongs to its name; nothing here is a secret, it only has to repeat."""
    return Random("/".join(map(str, name)))


def mix(number: int) -> int:
    """64 well-stirred bits of a number (splitmix64): quicker than a generator where a few bits are wanted."""
    number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    number = (number ^ (number >> 27)) * 0x94D049BB133111EB & MASK
    return number ^ (number >> 31)


def salt(*name: object) -> int:
    """64 bits that belong to a name."""
    return rng(*name).getrandbits(64)


def share(salt: int, number: int) -> float:
    """A number's own place between 0 and 1."""
    return mix(salt ^ number * 0x9E3779B97F4A7C15 & MASK) / 2**64
