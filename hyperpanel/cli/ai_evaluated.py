"""What a run of the evaluation set came to, for people and for scripts, beside what other prompts came to over the same cases."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from hyperpanel.cli.asking import told
from hyperpanel.cli.output import Cell, note, say, table

if TYPE_CHECKING:
    from hyperpanel.ai.asks import Prompt
    from hyperpanel.ai.eval_scores import Figures, Score
    from hyperpanel.db.ai_scores import Run

SHARES = ("accuracy", "precision", "recall", "kept")
COLUMNS = {
    "intent": ("cases", "score", "accuracy", "precision", "recall", "forbidden", "formless", "unanswered"),
    "analyze": ("cases", "score", "precision", "recall", "unsupported", "forbidden", "formless", "unanswered"),
    "translate": ("cases", "score", "kept", "altered", "formless", "unanswered"),
}
VERDICTS = {"better": "better than this", "worse": "worse than this", "same": "no difference shown"}


@dataclass(frozen=True)
class Evaluated:
    """`earlier`: of other prompts over the same cases, the latest of each; `names`: of prompts by their digests."""

    prompt: "Prompt"
    provider: str
    model: str
    score: "Score"
    earlier: "Sequence[tuple[Run, Score]]"
    names: Mapping[str, str]
    now: datetime


def name(found: Evaluated, digest: str) -> str:
    if digest == found.prompt.digest and digest not in found.names:
        return "this text"
    return found.names.get(digest, f"a text of {digest[:8]}")


def show(found: Evaluated) -> None:
    from hyperpanel.ai.eval_scores import DEFINITIONS

    purpose, score = found.score.purpose, found.score
    say(f"{purpose}: {name(found, found.prompt.digest)}, {found.provider or 'no provider'} {found.model}".rstrip())
    columns = COLUMNS[purpose]
    lines = {"all": score.all, **score.languages}
    table(("language", *columns), [[code, *cells(one, columns)] for code, one in lines.items()])
    one = score.all
    say(
        f"{one.tokens_in} tokens in, {one.tokens_out} out, {price(one.cost)}; half of the answers within {one.median_ms or 0} ms."
    )
    note(DEFINITIONS[purpose])
    if found.earlier:
        say("\nOther prompts over the same cases:")
        titles = ("prompt", "provider", "model", "when", "cases", "score", "beside this one")
        table(titles, [line(found, run, other) for run, other in found.earlier])


def cells(one: "Figures", columns: Sequence[str]) -> list[Cell]:
    values = asdict(one)
    return [percent(values[column]) if column in SHARES else values[column] for column in columns]


def percent(value: float | None) -> str | None:
    return None if value is None else f"{100 * value:.0f} %"


def price(cost: int | None) -> str:
    from sync.money import Money

    return "at no known price" if cost is None else f"US$ {Money(cost, 'USD').amount:f}"


def line(found: Evaluated, run: "Run", other: "Score") -> list[Cell]:
    from hyperpanel.ai.eval_scores import compared

    beside = compared(found.score, other)
    verdict = f"{VERDICTS[beside.verdict]} (better {beside.better}, worse {beside.worse}, p = {beside.p:.2g})"
    when = f"{run.at:%Y-%m-%d %H:%M}"
    return [name(found, run.of.prompt), run.of.provider, run.of.model, when, other.all.cases, other.headline, verdict]


def why(found: Evaluated) -> str:
    from hyperpanel.ai.asks import KINDS, AiTrouble

    kind = found.score.stopped
    return told(AiTrouble(kind, provider=found.provider), found.now) if kind in KINDS else "it was stopped."


def facts(found: Evaluated) -> dict[str, Any]:
    from hyperpanel.ai.eval_scores import DEFINITIONS, compared

    score = found.score
    return {
        "purpose": score.purpose,
        "prompt": {"name": name(found, found.prompt.digest), "digest": found.prompt.digest},
        "provider": found.provider,
        "model": found.model,
        "of_cases": score.of_cases,
        "stopped": score.stopped or None,
        "score": score.headline,
        "definition": DEFINITIONS[score.purpose],
        "all": asdict(score.all),
        "languages": {code: asdict(one) for code, one in score.languages.items()},
        "confusion": [[*pair, count] for pair, count in score.confusion.most_common()],
        "cases": [asdict(one) for one in score.outcomes],
        "earlier": [
            {
                "prompt": name(found, run.of.prompt),
                "digest": run.of.prompt,
                "provider": run.of.provider,
                "model": run.of.model,
                "at": run.at.isoformat(),
                "cases": other.all.cases,
                "score": other.headline,
                "beside_this": asdict(compared(score, other)),
            }
            for run, other in found.earlier
        ],
    }
