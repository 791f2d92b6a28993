"""Reads panels into a Store: records, connectors, cursors, budget, verdicts, engine, loop. No SQL, no settings."""
