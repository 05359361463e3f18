"""Who is reminded, of what and when: the configuration's table as a plan, and the parts that follow it."""

from classify.stages import Shares, Stage
from config.escalation import Escalation as Section
from config.settings import Settings
from ingest.digest import Digests
from ingest.escalation import Escalation, Role
from ingest.office import Office
from ingest.rounds import Rounds
from store import Store


def plan_of(section: Section) -> Escalation:
    """What the configuration says about reminders."""
    told = {
        stage: tuple(map(Role, getattr(section, stage.name.lower())))
        for stage in (Stage.HALF, Stage.SOON, Stage.PASSED)
    }
    return Escalation(
        enabled=section.enabled,
        digest_at=section.digest_at,
        empty_digest=section.empty_digest,
        shares=Shares(section.half_percent, section.soon_percent),
        told=told,
        daily=tuple(map(Role, section.daily)),
        head=section.head,
        supervisor=section.supervisor,
        supervisor_after=section.supervisor_after_days,
    )


def digests_of(settings: Settings, store: Store, office: Office, rounds: Rounds) -> Digests:
    """The morning's digests; who looks after the channels also hears of those."""
    watchers = office.members(settings.health.team or office.default_team)
    plan = plan_of(settings.escalation)
    return Digests(store, office, plan, watchers=watchers, troubles=rounds.troubles)
