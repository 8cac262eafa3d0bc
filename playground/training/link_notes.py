"""What there is to tell about a link that was read."""

from typing import NamedTuple

from playground.sentences import say

MAX_NOTES = 20
"""Notes of one kind about a link; what more there is to say is summed up."""


class LinkNote(NamedTuple):
    """Something to tell about a link.

    Attributes:
        field: The setting, or the unknown key.
        message: A sentence.
    """

    field: str
    message: str


def summed_up(notes: list[LinkNote]) -> tuple[LinkNote, ...]:
    """Return the notes on what was not understood, or the first of them and how many more there are."""
    if len(notes) <= MAX_NOTES:
        return tuple(notes)
    more = say("{more} further parts of the link were not understood either.", more=len(notes) - MAX_NOTES)
    return (*notes[:MAX_NOTES], LinkNote("", more))
