"""What the engine says when it cannot, or should not, compute: where the fault is and what would mend it."""


class ScoringError(ValueError):
    """Bad input. The message names the place and the remedy.

    >>> print(ScoringError("not-a-number", "Score of judge 7 for entry 12", "it is not a number", "enter it again"))
    Score of judge 7 for entry 12: it is not a number. Remedy: enter it again.
    """

    def __init__(self, code: str, place: str, fault: str, remedy: str) -> None:
        super().__init__(f"{place}: {fault}. Remedy: {remedy}.")
        self.code, self.place, self.fault, self.remedy = code, place, fault, remedy


class Refusal(ScoringError):
    """Good input that cannot support what was asked of it, such as a ranking across panels that share no judge."""
