"""Whatever the code writes to the audit has words in the activity log, and whatever changes something is written to the audit.

The actions are read from the syntax: the first text of `visit.act(…)`, the second of `Act(…)`, also where it comes by a parameter or a
local name. The routes are followed from their handlers through our own functions down to `audit.write`.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

from hyperpanel.db import audit
from hyperpanel.paths import ROOT
from hyperpanel.web.activity_words import ACTIONS
from hyperpanel.web.guards import UNSAFE
from hyperpanel.web.routes import ROUTES

UNWRITTEN = {
    "/settings/ai/prompts/try": "tries a text and keeps nothing of it; the ledger has what was asked",
    "/preferences": "a person's own language and looks concern nobody else",
    "/settings/panels/test": "asks a panel with what is typed, and keeps nothing",
    "/settings/panels/{panel:str}/test": "asks a panel with what is typed, and keeps nothing",
    "/settings/panels/console/look": "asks a console for its panels with what is typed, and keeps nothing",
    "/tickets/intent": "each question to a model is a row of the ledger of AI",
    "/tickets/translate": "each question to a model is a row of the ledger of AI",
    "/tickets/translation-language": "the language that a person reads in concerns nobody else",
    "/tracking/profiles/pick": "looks for services and users to choose from",
    "/tickets/analyze": "asks a model; what is asked is in the AI ledger, and nothing of the ticket is changed",
    "/tracking/tickets/fetch": "has messages read a little before they are read by themselves",
}
"""Routes that change something, or might, and leave no row: each with the reason."""

MAKERS = {"act": 0, "Act": 1}
"""By what an act is made, and where its action stands among the arguments."""


@cache
def trees() -> dict[str, ast.Module]:
    paths = sorted((ROOT / "hyperpanel").rglob("*.py"))
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def argument(call: ast.Call, place: int, name: str) -> ast.expr | None:
    named = next((one.value for one in call.keywords if one.arg == name), None)
    return named or (call.args[place] if len(call.args) > place else None)


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def patterns(tree: ast.Module, scope: ast.AST, found: ast.expr | None) -> Iterator[str]:
    """The texts that an expression may come to, as regular expressions."""
    if isinstance(found, ast.Constant) and isinstance(found.value, str):
        yield re.escape(found.value)
    elif isinstance(found, ast.JoinedStr):
        yield "".join(re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in found.values)
    elif isinstance(found, ast.IfExp):
        yield from (*patterns(tree, scope, found.body), *patterns(tree, scope, found.orelse))
    elif isinstance(found, ast.Name):
        yield from assigned(tree, scope, found.id)
        yield from passed(tree, scope, found.id)


def assigned(tree: ast.Module, scope: ast.AST, name: str) -> Iterator[str]:
    """`action, target = (…)` too."""
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign):
            for one, value in (pair for target in node.targets for pair in pairs(target, node.value)):
                if isinstance(one, ast.Name) and one.id == name:
                    yield from patterns(tree, scope, value)


def pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    if isinstance(value, ast.IfExp):
        yield from (*pairs(target, value.body), *pairs(target, value.orelse))
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        yield from zip(target.elts, value.elts, strict=True)
    else:
        yield target, value


def passed(tree: ast.Module, scope: ast.AST, name: str) -> Iterator[str]:
    """By whoever calls the function of which it is a parameter."""
    if not isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
        return
    names = [one.arg for one in (*scope.args.posonlyargs, *scope.args.args)]
    if name not in names:
        return
    for caller in functions(tree):
        for call in (node for node in ast.walk(caller) if isinstance(node, ast.Call)):
            if name_of(call) == scope.name:
                yield from patterns(tree, caller, argument(call, names.index(name), name))


def acts() -> Iterator[tuple[str, str]]:
    """Where an act is made, and the pattern of its action."""
    for path, tree in trees().items():
        for scope in functions(tree):
            for call in (node for node in ast.walk(scope) if isinstance(node, ast.Call)):
                if name_of(call) in MAKERS and scope.name != "act" and makes_one(tree, call):
                    found = argument(call, MAKERS[name_of(call)], "action")
                    yield from ((path, pattern) for pattern in patterns(tree, scope, found) if pattern)


def makes_one(tree: ast.Module, call: ast.Call) -> bool:
    """An address can be called `act` too."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr == "Act" or getattr(call.func.value, "id", "") not in imported(tree)
    here = [getattr(one.returns, "id", "") for one in functions(tree) if one.name == "act"]
    return here in ([], ["Act"])


def imported(tree: ast.Module) -> set[str]:
    found = (node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom))
    return {one.asname or one.name for node in found for one in node.names}


def test_every_action_that_is_written_has_words():
    wordless = [
        (path, pattern) for path, pattern in acts() if not any(re.fullmatch(pattern, known) for known in ACTIONS)
    ]
    assert sorted(set(wordless)) == []


def test_no_words_are_left_of_an_action_that_nobody_writes():
    written = [pattern for _, pattern in acts()]
    assert [known for known in ACTIONS if not any(re.fullmatch(pattern, known) for pattern in written)] == []


def test_actions_are_found_however_they_are_given():
    assert {"sign\\-in", "feed\\-pause", "set\\-aside\\-dismiss", "hold\\-.+", "staff\\-reset"} <= {
        one for _, one in acts()
    }


def named(code: CodeType) -> set[str]:
    inner = [one for one in code.co_consts if isinstance(one, CodeType)]
    return set(code.co_names).union(*map(named, inner)) if inner else set(code.co_names)


def called(function: FunctionType) -> Iterator[FunctionType]:
    """Our own functions that it names, by themselves or as parts of a module of ours."""
    names = named(function.__code__)
    for name in names:
        known: Any = function.__globals__.get(name)
        inside = vars(known) if isinstance(known, ModuleType) and known.__name__.startswith("hyperpanel.") else {}
        for one in (known, *(inside[part] for part in names & inside.keys())):
            plain = getattr(one, "fn", one)
            if isinstance(plain, FunctionType) and plain.__module__.startswith("hyperpanel."):
                yield plain


def reaches_the_audit(handler: Any) -> bool:
    seen: set[FunctionType] = set()
    waiting = [handler.fn]
    while waiting:
        function = waiting.pop()
        if function is audit.write:
            return True
        if function not in seen:
            seen.add(function)
            waiting += called(function)
    return False


CHANGING = [handler for handler in ROUTES if UNSAFE & set(handler.http_methods)]


def place(handler: Any) -> str:
    return str(min(handler.paths))


@pytest.mark.parametrize("handler", CHANGING, ids=lambda handler: f"{handler.fn.__module__}.{handler.fn.__name__}")
def test_whatever_changes_something_is_told_to_the_audit_or_has_a_reason(handler):
    assert reaches_the_audit(handler) != (place(handler) in UNWRITTEN), UNWRITTEN.get(
        place(handler), "it tells the audit nothing"
    )


def test_a_reason_is_still_needed():
    assert set(UNWRITTEN) - {place(handler) for handler in CHANGING} == set()
