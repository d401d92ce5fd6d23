"""What templates say of motions."""

from django import template

from prize import governing
from prize.models import Motion

register = template.Library()


@register.filter
def heading(motion: Motion) -> str:
    """The motion's name in the reader's language."""
    return governing.heading(motion)
