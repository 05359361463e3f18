"""The rule set in force. A changed file is taken up without a restart; a broken one changes nothing."""

from collections.abc import Callable, Mapping

import structlog

from classify.engine import RulesError, RuleSet, compile_rules

log = structlog.get_logger()


class RuleBook:
    """Reads rules through ``sources``. Raises RulesError or OSError where the first ones are broken."""

    def __init__(self, sources: Callable[[], Mapping[str, str]]) -> None:
        self._sources = sources
        self._seen = dict(sources())
        self._rules = compile_rules(self._seen)
        self._meanings = _meanings(self._rules)
        self._unreadable = ""

    def current(self) -> RuleSet:
        """The last good rule set."""
        return self._rules

    def meaning(self, rule: str) -> str:
        """What a rule means, in a sentence; its id where the rule is gone."""
        return self._meanings.get(rule, rule)

    def refresh(self) -> None:
        """Take up changed files. Problems are logged once, and the last good rules stay in force."""
        try:
            found = dict(self._sources())
        except (OSError, UnicodeDecodeError) as error:
            if str(error) != self._unreadable:
                log.warning("rules.unreadable", error=str(error))
            self._unreadable = str(error)
            return
        self._unreadable = ""
        if found == self._seen:
            return
        self._seen = found
        try:
            rules = compile_rules(found)
        except RulesError as error:
            log.warning("rules.refused", problems=error.problems)
            return
        self._rules, self._meanings = rules, _meanings(rules)
        log.info("rules.changed", digest=rules.digest)


def _meanings(rules: RuleSet) -> dict[str, str]:
    return {rule.id: rule.meaning for rule in rules.rules}
