"""How a round closes."""

from datetime import datetime

from django.utils.translation import gettext as _

from judges import tallying
from judges.models import Tally
from prize import governing
from prize.calendar import Closing, closings
from prize.models import Approval, Person, Stage


def close(stage: Stage, *, by: Person, at: datetime) -> list[Tally]:
    return tallying.close_round(stage.round, by=by, at=at)


def ask(stage: Stage, *, reason: str, by: Person, at: datetime) -> Approval:
    content = tallying.early_or_gaps(stage.round, at=at)
    title = _("Close “%(stage)s” early or with gaps") % {"stage": stage}
    return governing.ask(stage.edition, "judges.close_with_gaps", content, title=title, reason=reason, by=by, at=at)


closings.add(Stage.Kind.ROUND)(Closing(close, ask))
