"""The jobs of this wing."""

from foundation import jobs
from network.messages.models import Pitch
from network.moderation import appeals


@jobs.handles("appeal-open")
def open_appeal(pitch: int) -> None:
    found = Pitch.objects.select_related("message__writer").filter(pk=pitch).first()
    if found:
        appeals.open_for(found)


jobs.listen("pitch-appealed", "appeal-open")
