"""Where the checkout's own files are: templates and static files are not package data, so only this module finds them."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"
LOCALE = ROOT / "hyperpanel" / "locale"
MIGRATIONS = ROOT / "hyperpanel" / "db" / "migrations"
EXAMPLE = ROOT / "config.example.toml"
EVALUATION = ROOT / "tests" / "ai_eval"
