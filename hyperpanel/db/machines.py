"""Who acts here without being anybody, as logs call them: nobody may be called so."""

COMMAND_LINE, ENGINE = "command line", "engine"
MACHINES = frozenset({COMMAND_LINE, ENGINE})
