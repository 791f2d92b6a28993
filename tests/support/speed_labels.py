"""Names of services with the speeds that people read in them: tests/reports/speeds."""

from pathlib import Path

HEAD = ["name", "speed", "sureness", "part", "refill", "start", "minimum", "maximum"]
SPEEDS = Path(__file__).parents[1] / "reports" / "speeds"


def lines(side: str) -> list[str]:
    return (SPEEDS / f"{side}.tsv").read_text(encoding="utf-8").removesuffix("\n").split("\n")


def labels(side: str) -> list[dict[str, str]]:
    """What follows the comment and the header; a name may be empty, or begin with the comment's own sign."""
    return [dict(zip(HEAD, line.split("\t"), strict=True)) for line in lines(side)[2:]]
