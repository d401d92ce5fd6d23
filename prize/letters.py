"""Letters of the prize app itself: a motion waits for your vote, a meeting is called."""

from prize.governing import acts
from prize.models import Letter, Meeting, Motion
from prize.post import Withheld, Words, letter


@letter("prize.motion")
def motion(row: Letter) -> Words:
    found = Motion.objects.select_related("committee__edition").get(code=row.about["motion"])
    if found.resolved_at:
        raise Withheld("the motion is resolved")
    sentences = acts.get(found.act).describe(found.content, found.committee.edition)
    return Words("prize/letters/motion.txt", {"motion": found, "sentences": sentences})


@letter("prize.meeting")
def meeting(row: Letter) -> Words:
    found = Meeting.objects.select_related("committee__edition").get(code=row.about["meeting"])
    return Words("prize/letters/meeting.txt", {"meeting": found})
