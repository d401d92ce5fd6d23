from ceremony.models.aftercare import Benefit, FollowUp, Offer
from ceremony.models.awards import Announcement, Award, Citation, Laureate, Override, Place
from ceremony.models.occasions import Certificate, Cue, Guest, Occasion
from ceremony.models.partners import Nomination, Objection, Partner, SpecialAward

__all__ = [
    "Announcement",
    "Award",
    "Benefit",
    "Certificate",
    "Citation",
    "Cue",
    "FollowUp",
    "Guest",
    "Laureate",
    "Nomination",
    "Objection",
    "Occasion",
    "Offer",
    "Override",
    "Partner",
    "Place",
    "SpecialAward",
]
