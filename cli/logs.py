"""Logging for the journal: key=value or JSON on standard error. Never local variables: they hold passwords."""

import logging
import sys

import structlog
from structlog.tracebacks import ExceptionDictTransformer


def set_up(form: str, level: str) -> None:
    """Configure structlog and the libraries' own logging. ``form`` is ``kv`` or ``json``."""
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False))
            if form == "json"
            else structlog.processors.format_exc_info,
            _renderer(form),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    # APScheduler warns when a wake-up meets a round that is still running: nothing is missed by that.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    # It writes a traceback for each mail that one of its detectors cannot read, and asks the next one.
    logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)
    logging.basicConfig(
        level=logging.WARNING, format="%(levelname)s %(name)s %(message)s", stream=sys.stderr
    )


def quiet() -> None:
    """Commands answer by what they print; only trouble is logged."""
    set_up("kv", "warning")


def _renderer(form: str) -> structlog.types.Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.processors.KeyValueRenderer(
        key_order=["timestamp", "level", "event"], drop_missing=True
    )
