from prize.models.committees import Approval, Attendance, Committee, Meeting, Minutes, Motion, Reply, Seat, Vote
from prize.models.editions import ApplicantType, Category, Edition, HostEvent, Organiser, Prize, Region, Stage
from prize.models.people import City, Organisation, Person
from prize.models.records import LedgerChain, LedgerEntry, LedgerPayload, Letter

__all__ = [
    "ApplicantType",
    "Approval",
    "Attendance",
    "Category",
    "City",
    "Committee",
    "Edition",
    "HostEvent",
    "LedgerChain",
    "LedgerEntry",
    "LedgerPayload",
    "Letter",
    "Meeting",
    "Minutes",
    "Motion",
    "Organisation",
    "Organiser",
    "Person",
    "Prize",
    "Region",
    "Reply",
    "Seat",
    "Stage",
    "Vote",
]
