"""Rounds in the admin: criteria, assignment, coverage, closing, shortlist."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from judges import assigning, board, posing, shortlisting, tallying
from judges.admin.links import link
from judges.explaining import (
    STATUS,
    barred_in_words,
    changes_in_words,
    failure_in_words,
    in_words,
    wishes_in_words,
)
from judges.kept import kept
from judges.matching import WEAK, difference, percent_proven
from judges.models import AssignmentRun, Criterion, Judge, Panel, Round
from judges.posing import entries_of, wishes_of
from judges.wishes import AssignmentPart
from prize import governing
from prize.admin import EditionAdmin, ReadOnlyAdmin, WithinReach, verb
from prize.admin.naming import NamedRows
from prize.models import Edition
from prize.requests import Request
from prize.scoring import METHODS, RuleSet, ScoringError


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}))


def methods() -> list[tuple[str, str]]:
    """The methods that take scores, each by its title and its name with version."""
    return [(one.name, f"{_(one.title)} · {one.name}") for one in METHODS.values() if one.takes == "scores"]


class RoundForm(forms.ModelForm):
    """A mistake in the method is found here, and not when the round has closed and its tally fails."""

    method = forms.ChoiceField(label=capfirst(Round._meta.get_field("method").verbose_name), choices=methods)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if "method" in given and "method_settings" in given:
            try:
                RuleSet.from_dict({**given["method_settings"], "method": given["method"]})
            except (ScoringError, TypeError, ValueError) as error:
                self.add_error("method_settings", str(error))
        return given


class ShortlistForm(forms.Form):
    """The reason of the motion and, only where a tie runs through the line, which of the tied go on."""

    chosen = forms.CharField(
        label=gettext_lazy("Of those tied at the line, go on"),
        required=False,
        help_text=gettext_lazy("Codes, separated by spaces. Leave it empty where no tie runs through the line."),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class DraftForm(forms.Form):
    """Which entries everybody reads, and who must read what, where the office names them."""

    anchors = forms.CharField(
        label=gettext_lazy("Entries that everybody reads"),
        required=False,
        help_text=gettext_lazy(
            "Codes, separated by spaces. Leave it empty to follow the rules of the round, by which they are drawn by lot."
        ),
    )
    locks = forms.CharField(
        label=gettext_lazy("Who must read what"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "One pair in a line: the entry's code, then the judge's name. The plan keeps them, and says what each costs."
        ),
    )


class CriterionInline(WithinReach, admin.TabularInline):
    model = Criterion
    formset = NamedRows
    extra = 0
    fields = ("key", "name", "parent", "category", "weight", "order")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        round_id = request.resolver_match.kwargs.get("object_id") if request.resolver_match else None
        if db_field.name == "parent":
            kwargs["queryset"] = Criterion.objects.filter(round=round_id, parent=None)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class PanelInline(WithinReach, admin.StackedInline):
    model = Panel
    extra = 0
    filter_horizontal = ("judges",)


def is_open(round: Round, request: Any) -> bool:
    return round.stage.closed_at is None


def is_closed(round: Round, request: Any) -> bool:
    return round.stage.closed_at is not None


def coverage_of(request: Request, edition: Edition) -> str:
    """The coverage board of the round that is open, else of the last one."""
    rounds = Round.objects.filter(stage__edition=edition).order_by("stage__order")
    found = rounds.filter(stage__in=edition.stages.open(request.at)).first() or rounds.last()
    return reverse("admin:judges_round_coverage", args=[found.pk]) if found else ""


@admin.register(Round)
class RoundAdmin(EditionAdmin):
    form = RoundForm
    edition_path = "stage__edition"
    list_display = ("stage", "jury", "reviews_per_entry", "method", "blindness")
    list_filter = ("stage__edition",)
    list_select_related = ("stage__edition", "jury")
    inlines = (CriterionInline, PanelInline)
    own_pages = (("coverage", gettext_lazy("Progress"), coverage_of),)

    @verb(gettext_lazy("Coverage board"))
    def coverage_board(self, request: Request, round: Round) -> HttpResponse:
        return redirect("admin:judges_round_coverage", round.pk)

    @verb(gettext_lazy("Draft the assignment"), shown=is_open, form=DraftForm)
    def draft(self, request: Request, round: Round, form: DraftForm) -> HttpResponse:
        anchors = form.cleaned_data["anchors"].split()
        locks = posing.locks_in(form.cleaned_data["locks"], round)
        run = assigning.ask_for_draft(round, by=request.user, at=request.at, anchors=anchors, locks=locks)
        return redirect("admin:judges_assignmentrun_preview", run.pk)

    @verb(
        gettext_lazy("Draft a repair"),
        shown=lambda round, request: is_open(round, request) and round.assignments.exists(),
    )
    def repair(self, request: Request, round: Round) -> HttpResponse:
        run = assigning.ask_for_repair(round, by=request.user, at=request.at)
        return redirect("admin:judges_assignmentrun_preview", run.pk)

    @verb(gettext_lazy("Close the round"), shown=is_open, danger=True)
    def close(self, request: Request, round: Round) -> str:
        tallying.close_round(round, by=request.user, at=request.at)
        return _("The round is closed, and its tallies are being computed.")

    @verb(gettext_lazy("Ask to close early or with gaps"), shown=is_open, danger=True, form=ReasonForm)
    def close_with_gaps(self, request: Request, round: Round, form: ReasonForm) -> str:
        content = tallying.early_or_gaps(round, at=request.at)
        title = _("Close %(round)s early or with gaps") % {"round": round}
        governing.ask(
            round.stage.edition, "judges.close_with_gaps", content, title=title, by=request.user, at=request.at,
            reason=form.cleaned_data["reason"],
        )  # fmt: skip
        return _("Asked. The round closes when a second person approves.")

    @verb(gettext_lazy("Propose the shortlist"), shown=is_closed, form=ShortlistForm)
    def propose(self, request: Request, round: Round, form: ShortlistForm) -> HttpResponse:
        data = form.cleaned_data
        motion = shortlisting.propose(
            round,
            by=request.user,
            at=request.at,
            chosen=data["chosen"].split(),
            reason=data["reason"],
        )
        messages.success(request, _("The shortlist is before the committee."))
        return redirect("admin:prize_motion_change", motion.pk)

    @verb(gettext_lazy("Ask to announce the result"), shown=is_closed, danger=True)
    def announce(self, request: Request, round: Round) -> HttpResponse:
        approval = shortlisting.ask_to_announce(round, by=request.user, at=request.at)
        messages.success(request, _("Asked. Nothing is announced before a second person approves."))
        return redirect("admin:prize_approval_change", approval.pk)

    def verb_sentences(self, name: str, row: Round, request: Request) -> list[str]:
        if name == "draft":
            shown = _("A plan is worked out and shown. Nobody is assigned before you release it.")
            return [shown, *wishes_in_words(wishes_of(row))]
        if name == "repair":
            return [
                _(
                    "A plan is worked out that fills the holes with the fewest moves. What is begun or cast is not moved."
                ),
                _("Who would lose and gain which entries is shown before anything is changed."),
            ]
        if name in ("close", "close_with_gaps"):
            return self.closing_sentences(name, row, request)
        if name == "propose":
            return [_("The first of each category's tally, up to its quota, are put to the promotion committee.")]
        return [_("Every applicant of this round gets one letter with the own result, once a second person approves.")]

    def closing_sentences(self, name: str, row: Round, request: Request) -> list[str]:
        content = tallying.early_or_gaps(row, at=request.at)
        described = governing.acts.get("judges.close_with_gaps").describe(content, row.stage.edition)
        if name == "close":
            return described or [_("Every entry has its reviews. No sheet can be cast after this.")]
        return described or [_("Nothing stands against closing: the time is up and every entry has its reviews.")]

    # --- The coverage board -----------------------------------------------------------------------------

    def get_urls(self) -> list:
        board = path("<int:pk>/coverage/", self.admin_site.admin_view(self.coverage), name="judges_round_coverage")
        return [board, link(self, "coverage_board"), *super().get_urls()]

    def coverage(self, request: Request, pk: int) -> HttpResponse:
        """Entries by their reviews, and judges by their progress."""
        round = get_object_or_404(self.get_queryset(request).select_related("stage__edition", "source"), pk=pk)
        if not self.has_view_permission(request, round):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "round": round,
            "coverage": board.coverage(round, request.at),
            "edition": round.stage.edition,
            "title": _("Coverage: %(round)s") % {"round": round},
            "back": reverse("admin:judges_round_change", args=[round.pk]),
        }
        return render(request, "admin/judges/coverage.html", context)


@admin.register(AssignmentRun)
class AssignmentRunAdmin(ReadOnlyAdmin):
    edition_path = "round__stage__edition"
    list_display = ("code", "round", "kind", "filled", "made_by", "made_at", "released_at")
    list_filter = ("round",)
    list_select_related = ("round__stage", "made_by")
    fields = ("code", "round", "inputs_digest", "options", "made_by", "made_at", "released_at", "released_by")

    @admin.display(description=gettext_lazy("kind"))
    def kind(self, run: AssignmentRun) -> str:
        return {"draft": pgettext("of a plan", "draft"), "repair": _("repair")}[run.options["kind"]]

    @admin.display(description=gettext_lazy("reviews"))
    def filled(self, run: AssignmentRun) -> str:
        return f"{run.plan['filled']} / {run.plan['wanted']}" if run.is_worked_out else "–"

    @verb(gettext_lazy("Preview"))
    def look(self, request: Request, run: AssignmentRun) -> HttpResponse:
        return redirect("admin:judges_assignmentrun_preview", run.pk)

    @verb(gettext_lazy("Release"), shown=lambda run, request: run.is_worked_out and run.released_at is None)
    def release(self, request: Request, run: AssignmentRun) -> str:
        rows = assigning.release(run, by=request.user, at=request.at)
        return _("%(count)s assignments are released, and each judge gets one letter.") % {"count": len(rows)}

    @verb(gettext_lazy("Draft again with bridges"), shown=lambda run, request: "bridges" in ties_of(run))
    def bridges(self, request: Request, run: AssignmentRun) -> HttpResponse:
        made = assigning.ask_again(run, "bridges", by=request.user, at=request.at)
        return redirect("admin:judges_assignmentrun_preview", made.pk)

    @verb(gettext_lazy("Draft again with one more anchor"), shown=lambda run, request: "anchors" in ties_of(run))
    def anchors(self, request: Request, run: AssignmentRun) -> HttpResponse:
        made = assigning.ask_again(run, "anchors", by=request.user, at=request.at)
        return redirect("admin:judges_assignmentrun_preview", made.pk)

    def verb_sentences(self, name: str, row: AssignmentRun, request: Request) -> list[str]:
        if name == "bridges":
            return [_("A new plan is worked out in which some reviews cross between panels. This one stays as it is.")]
        if name == "anchors":
            return [
                _("A new plan is worked out in which one more entry is read by everybody. This one stays as it is.")
            ]
        if not row.is_worked_out:
            return []
        if row.options["kind"] == "repair":
            return repair_sentences(row)
        return [
            _("%(count)s assignments are written with an empty sheet each, and every judge gets one letter.")
            % {"count": len(row.plan["pairs"])}
        ]

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.preview)
        preview = path("<int:pk>/preview/", view, name="judges_assignmentrun_preview")
        return [preview, link(self, "look"), *super().get_urls()]

    def preview(self, request: Request, pk: int) -> HttpResponse:
        """The plan before it is released: filled, how good, loads, what is unmet, and who would read what."""
        run = get_object_or_404(self.get_queryset(request).select_related("round__stage__edition"), pk=pk)
        if not self.has_view_permission(request, run):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            **(plan_values(run) if run.is_worked_out else failure_values(run)),
            "opts": self.opts,
            "run": run,
            "edition": run.round.stage.edition,
            "title": _("Plan %(code)s: %(round)s") % {"code": run.code, "round": run.round},
            "back": reverse("admin:judges_assignmentrun_changelist"),
        }
        return render(request, f"admin/judges/{'preview' if run.is_worked_out else 'working'}.html", context)


def ties_of(run: AssignmentRun) -> list[str]:
    """What would tie the judges of this draft closer together, if they hang together too loosely to be compared."""
    if not run.is_worked_out or run.released_at or run.options["kind"] != "draft" or "wishes" not in run.options:
        return []
    tied = run.plan["connectivity"]
    if tied["comparable"] and tied["precision"] >= WEAK:
        return []
    return (["bridges"] if run.round.panels.count() > 1 else []) + ["anchors"]


def repair_sentences(run: AssignmentRun) -> list[str]:
    plan = run.plan
    moved, new = len(plan.get("moved", ())), len(plan.get("added", ()))
    said = [
        _("%(count)s assignments are written with an empty sheet each, and every judge gets one letter.")
        % {"count": new}
    ]
    if moved:
        said.append(_("%(count)s assignments that nobody has begun are withdrawn.") % {"count": moved})
    return [*said, _("Should one of them have been begun since, nothing at all is changed.")]


def failure_values(run: AssignmentRun) -> dict[str, Any]:
    return {"problem": failure_in_words(run.failure, assigning.names_of(run.round))} if run.failure else {}


def groups_of(edition: Edition) -> dict[str, dict[str, str]]:
    """What the groups of a rule are called, where the edition itself names them."""
    judges = Judge.objects.filter(edition=edition, organisation__isnull=False).select_related("organisation")
    return {
        "region": {region.key: str(region) for region in edition.regions.all()},
        "outsiders": {category.key: str(category) for category in edition.categories.all()},
        "organisation": {judge.organisation.code: str(judge.organisation) for judge in judges if judge.organisation},
    }


def since_the_last(run: AssignmentRun) -> str:
    """What is other than in the plan before this one, of which the office may have read every line."""
    earlier = run.round.assignment_runs.exclude(inputs_digest="").filter(pk__lt=run.pk).order_by("pk").last()
    if earlier is None or run.options["kind"] != "draft" or earlier.options["kind"] != "draft":
        return ""
    found = difference(posing.pairs_in(earlier.plan["pairs"]), posing.pairs_in(run.plan["pairs"]))
    if not found.added and not found.removed:
        return _("It assigns the same as plan %(code)s.") % {"code": earlier.code}
    return _(
        "Beside plan %(code)s: %(kept)s assignments are the same, %(added)s are new; the lists of %(judges)s judges differ."
    ) % {"code": earlier.code, "kept": found.kept, "added": len(found.added), "judges": len(found.judges)}


def lock_values(run: AssignmentRun, judges: dict[str, Judge], titles: dict[str, str]) -> list[dict[str, Any]]:
    """The pairs that the office insists on and, where there was time to work it out, what each costs the whole."""
    plan = run.plan
    costs = {(one["entry"], one["judge"]): one for one in plan.get("lock_costs", ())}
    rows = []
    for entry, judge in posing.pairs_in(run.question.get("locks", ())):
        row: dict[str, Any] = {"judge": judges.get(judge, judge), "title": titles.get(entry, entry)}
        if cost := costs.get((entry, judge)):
            row["cost"] = cost
            row["percent"] = f"{max(100 * cost['quality'] / max(plan['quality'], 1e-9), 0):.2f}"
            row["costs_more"] = cost["cost"] > cost["quality"] + 1e-6
        rows.append(row)
    return rows


def plan_values(run: AssignmentRun) -> dict[str, Any]:
    """The stored plan as the page shows it."""
    plan = run.plan
    judges = {
        j.code: j
        for j in Judge.objects.filter(edition=run.round.stage.edition).select_related("person", "organisation")
    }
    titles = dict(entries_of(run.round).values_list("code", "title"))
    read: dict[str, list[tuple[str, str]]] = {code: [] for code in plan["loads"]}
    for entry, judge in plan["pairs"]:
        read[judge].append((entry, titles.get(entry, entry)))
    rows = [
        {"judge": judges.get(code, code), "load": load, "entries": read[code]} for code, load in plan["loads"].items()
    ]
    share, groups = plan["share_of_best"], groups_of(run.round.stage.edition)
    names = {code: str(judge) for code, judge in judges.items()}
    wishes = AssignmentPart.model_validate(run.options["wishes"]) if "wishes" in run.options else None
    return {
        "plan": plan,
        "status": STATUS.get(plan["status"], plan["status"]),
        "asked": wishes_in_words(wishes) if wishes else [],
        "kept": kept(plan, run.question, wishes, groups["outsiders"] | names) if wishes else [],
        "since": since_the_last(run),
        "locks": lock_values(run, judges, titles),
        "anchors": [{"code": code, "title": titles.get(code, code)} for code in run.options.get("anchors", ())],
        "changes": changes_in_words(plan, judges, titles) if "added" in plan else None,
        "spared": [
            {"judge": judges.get(judge, judge), "title": titles.get(code, code)}
            for code, judge in plan.get("spared", ())
        ],
        "weak": not plan["connectivity"]["comparable"] or plan["connectivity"]["precision"] < WEAK,
        "precision": f"{plan['connectivity']['precision']:.2f}",
        "ties": ties_of(run),
        "rows": sorted(rows, key=lambda row: str(row["judge"])),
        "heaviest": max(plan["loads"].values(), default=1),
        "reasons": in_words(plan, names, groups),
        "short": [{"code": code, "title": titles.get(code, code), "missing": n} for code, n in plan["short"].items()],
        "worst": [
            one
            | {"title": titles.get(one["entry"], one["entry"]), "percent": f"{100 * one['share']:.0f}"}
            | {"why": barred_in_words(one["barred"]) if "barred" in one else ""}
            for one in plan.get("worst_served", ())
            if one["share"] < 1
        ],
        "uncovered": [one | {"judge": judges.get(one["judge"], one["judge"])} for one in plan.get("uncovered", ())],
        "tiles": [
            {
                "figure": plan["filled"],
                "of": plan["wanted"],
                "caption": _("reviews are given"),
                "kind": "" if not plan["short"] else "bad",
            },
            {
                "figure": f"{percent_proven(share, 2):.2f} %",
                "caption": _("of the best match without a draw")
                if "lots" in plan
                else _("of the best possible match, proven"),
            },
            {
                "figure": f"{min(plan['loads'].values())}–{max(plan['loads'].values())}",
                "caption": _("entries for each judge"),
            },
            {
                "figure": _("yes") if plan["connectivity"]["comparable"] else _("no"),
                "caption": _("all judges can be compared through shared entries"),
                "kind": "" if plan["connectivity"]["comparable"] else "bad",
            },
        ],
    }
