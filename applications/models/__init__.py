from applications.models.entries import Answer, Application, Attachment, Collaborator, Extension, Movement
from applications.models.forms import EntryForm, Question, Section
from applications.models.records import Outcome, Recusal, Submission

__all__ = [
    "Answer",
    "Application",
    "Attachment",
    "Collaborator",
    "EntryForm",
    "Extension",
    "Movement",
    "Outcome",
    "Question",
    "Recusal",
    "Section",
    "Submission",
]
