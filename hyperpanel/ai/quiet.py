"""The vendors' libraries write what they are asked, with headers and bodies, into the log where its level is low: they are kept from it."""

import logging


def quiet(name: str) -> None:
    """Whatever this library logs goes nowhere: each of its loggers is off, and what a later one says is handed on to nobody."""
    logger = logging.getLogger(name)
    logger.handlers = [logging.NullHandler()]
    logger.propagate = False
    logger.setLevel(logging.CRITICAL)
    for known in list(logging.root.manager.loggerDict):
        if known == name or known.startswith(f"{name}."):
            logging.getLogger(known).disabled = True
