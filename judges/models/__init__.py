from judges.models.people import Conflict, Declaration, Invitation, Judge, Pledge, Terms
from judges.models.results import Ballot, Tally, TallyLine
from judges.models.rounds import Assignment, AssignmentRun, Criterion, Panel, Round
from judges.models.sheets import Mark, ScoreSheet

__all__ = [
    "Assignment",
    "AssignmentRun",
    "Ballot",
    "Conflict",
    "Criterion",
    "Declaration",
    "Invitation",
    "Judge",
    "Mark",
    "Panel",
    "Pledge",
    "Round",
    "ScoreSheet",
    "Tally",
    "TallyLine",
    "Terms",
]
