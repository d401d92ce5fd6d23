"""Judges differ in severity: what colleagues' scores of the same entries say about each judge.

The model is y = a(entry) + b(judge) + error. Entries are fixed; judges are random with variance tau2, errors have
variance sigma2 / weight, and g = tau2 / sigma2 decides how far a judge's leaning is believed. Only comparisons within
an entry inform b, so a judge who was handed strong entries is not mistaken for a lenient one.
Sources: Fisher's incomplete blocks; Patterson and Thompson 1971 (REML); MacKay and others 2017 (calibration).
"""

from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq

from .meetings import Meetings, gram, meetings, squares
from .panel import Panel
from .refusals import Refusal

MOST_JUDGES = 3000


class Spectrum(NamedTuple):
    """The judge graph taken apart: eigenvalues and vectors of L, and what the scores say along each of them."""

    lam: np.ndarray  # float[J], zero once for every connected part
    vectors: np.ndarray  # float[J, J]
    z: np.ndarray  # float[J]
    within: float  # sum of w (y - mean of the entry)^2
    rss0: float  # what is left of it when every judge's leaning is taken out in full
    freedom: int  # N - E


class Fit(NamedTuple):
    """Severities with their covariance: b float[J], spread float[J, J] = Cov(b - b_hat), both in score units."""

    b: np.ndarray
    spread: np.ndarray
    sigma2: float
    tau2: float


def links(p: Panel) -> Meetings:
    """The scores grouped by entry."""
    return meetings(p.e, p.j, p.w, len(p.entries), len(p.judges))


def laplacian(p: Panel, met: Meetings) -> np.ndarray:
    """L = diag(m) - C' diag(1/n) C, the weighted Laplacian of the judge graph, float[J, J]."""
    return np.diag(p.m) - gram(met, 1 / p.n)


def spectrum(p: Panel, met: Meetings) -> Spectrum:
    """L = V diag(lam) V', c = sum of w (y - mean), z = V'c, and the sums of squares."""
    if len(p.judges) > MOST_JUDGES:
        remedy = "use the method crossed/1, which is made for large panels, or adjust within categories"
        raise Refusal("too-many-judges", f"Panel of {len(p.judges)} judges", f"more than {MOST_JUDGES}", remedy)
    lam, vectors = np.linalg.eigh(laplacian(p, met))
    lam[: len(set(p.judge_component.tolist()))] = 0.0
    deviation = p.y - p.mean[p.e]
    z = vectors.T @ np.bincount(p.j, weights=p.w * deviation, minlength=len(p.judges))
    z[lam == 0] = 0.0
    within = float((p.w * deviation**2).sum())
    seen = lam > 0
    rss0 = max(within - float((z[seen] ** 2 / lam[seen]).sum()), 0.0)
    return Spectrum(lam, vectors, z, within, rss0, len(p.y) - len(p.entries))


def quotient(s: Spectrum, g: float | np.ndarray) -> np.ndarray:
    """Q(g) = RSS0 + sum of z^2 / (lam (1 + g lam)); g may be an array."""
    seen = s.lam > 0
    lam, z = s.lam[seen], s.z[seen]
    return s.rss0 + (z**2 / (lam * (1 + np.multiply.outer(g, lam)))).sum(axis=-1)


def criterion(s: Spectrum, g: float | np.ndarray) -> np.ndarray:
    """-2 log REML(g) = sum of log(1 + g lam) + (N - E) log Q(g), up to a constant."""
    return np.log1p(np.multiply.outer(g, s.lam)).sum(axis=-1) + s.freedom * np.log(quotient(s, g))


def _slope(log_g: float, s: Spectrum) -> float:
    """Derivative of the criterion by log g."""
    seen = s.lam > 0
    g_lam = np.exp(log_g) * s.lam[seen]
    pull = (s.z[seen] ** 2 / s.lam[seen] * g_lam / (1 + g_lam) ** 2).sum()
    return float((g_lam / (1 + g_lam)).sum() - s.freedom * pull / quotient(s, np.exp(log_g)))


def best_g(s: Spectrum) -> float:
    """The g that makes the scores most likely (REML): 0 when judges do not differ, infinity when nothing else does.

    Where severities could explain every difference whatever the scores (saturated), nothing is left to tell them from
    error, and g is 0.
    """
    seen = s.lam > 0
    if s.freedom <= 0 or not seen.any() or s.within <= 0 or saturated(s):
        return 0.0
    if s.rss0 <= 1e-12 * s.within:
        return np.inf
    grid = np.linspace(-np.log(s.lam[seen].max()) - 14, -np.log(s.lam[seen].min()) + 14, 80)
    values = criterion(s, np.exp(grid))
    best = int(np.argmin(values))
    if values[best] >= criterion(s, 0.0) - 1e-9:
        return 0.0
    if best in (0, len(grid) - 1) or _slope(grid[best - 1], s) >= 0 or _slope(grid[best + 1], s) <= 0:
        return float(np.exp(grid[best]))
    return float(np.exp(brentq(_slope, grid[best - 1], grid[best + 1], args=(s,), xtol=1e-13, rtol=1e-14)))


def saturated(s: Spectrum) -> bool:
    """No degree of freedom is left for error: N - E = the number of comparisons between judges."""
    return s.freedom <= int((s.lam > 0).sum())


def mixed(s: Spectrum, g: float) -> Fit:
    """The default: b = V diag(g / (1 + g lam)) z and Cov(b - b_hat) = sigma2 V diag(g / (1 + g lam)) V'.

    A direction of the judge graph that the entries do not link (lam = 0) keeps its whole prior variance tau2, which
    widens comparisons between parts by tau2 (1/J1 + 1/J2).
    """
    if not np.isfinite(g):
        return additive(s, error_free=True)
    sigma2 = float(quotient(s, g)) / s.freedom
    believed = g / (1 + g * s.lam)
    spread = (s.vectors * (sigma2 * believed)) @ s.vectors.T
    return Fit(s.vectors @ (believed * s.z), spread, sigma2, g * sigma2)


def additive(s: Spectrum, *, error_free: bool = False) -> Fit:
    """Both fixed: b = pinv(L) c, summing to zero in every connected part; sigma2 = RSS0 / (N - E - r).

    tau2 is the mean square of the r comparisons. Where nothing links two parts (panels taken as exchangeable), no score
    tells by how much they differ: their directions keep the variance tau2, as in the mixed model, of which `error_free`
    is the limit when g grows without bound.
    """
    seen = s.lam > 0
    inverse = np.zeros_like(s.lam)
    inverse[seen] = 1 / s.lam[seen]
    freedom = s.freedom - int(seen.sum())
    sigma2 = 0.0 if error_free or freedom <= 0 else s.rss0 / freedom
    b = s.vectors @ (inverse * s.z)
    tau2 = float((inverse * s.z) @ (inverse * s.z)) / max(int(seen.sum()), 1)
    unlinked = tau2 if error_free or (~seen).sum() > 1 else 0.0
    return Fit(b, (s.vectors * np.where(seen, sigma2 * inverse, unlinked)) @ s.vectors.T, sigma2, tau2)


def averaged(s: Spectrum) -> Fit:
    """For small panels: the mixed model averaged over 25 values of t = tau/sigma from 0.02 to 5.

    Each t of the logarithmic grid weighs p(t) prod (1 + t^2 lam)^(-1/2) Q(t^2)^(-(N - E)/2) with p half-Cauchy(1);
    the spread of b between the cells is added to the covariance.
    """
    t = np.geomspace(0.02, 5, 25)
    log_weight = -0.5 * criterion(s, t**2) - np.log1p(t**2)
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    fits = [mixed(s, float(each) ** 2) for each in t]
    b = sum(share * fit.b for share, fit in zip(weight, fits, strict=True))
    spread = sum(share * (fit.spread + np.outer(fit.b - b, fit.b - b)) for share, fit in zip(weight, fits, strict=True))
    sigma2 = sum(share * fit.sigma2 for share, fit in zip(weight, fits, strict=True))
    return Fit(b, spread, sigma2, sum(share * fit.tau2 for share, fit in zip(weight, fits, strict=True)))


def entry_variance(p: Panel, met: Meetings, spread: np.ndarray) -> np.ndarray:
    """diag(P spread P'), P = diag(1/n) C: what the uncertainty of its judges adds to each entry, float[E]."""
    return squares(met, spread) / p.n**2


def correction(p: Panel, b: np.ndarray) -> np.ndarray:
    """sum of w b / n per entry, float[E]: the mean severity of the judges an entry met."""
    return np.bincount(p.e, weights=p.w * b[p.j], minlength=len(p.entries)) / p.n


def worst_resistance(p: Panel, s: Spectrum) -> float:
    """The largest Var(b_j - b_k) / sigma2 = Lp_jj + Lp_kk - 2 Lp_jk of two judges in one part, Lp = pinv(L)."""
    return float(resistances(p.judge_component, s).max(initial=0.0))


def resistances(component: np.ndarray, s: Spectrum) -> np.ndarray:
    """Effective resistance between all judges, float[J, J], in units of sigma2; 0 where no path joins them."""
    inverse = np.zeros_like(s.lam)
    inverse[s.lam > 0] = 1 / s.lam[s.lam > 0]
    inverse_laplacian = (s.vectors * inverse) @ s.vectors.T
    own = np.diag(inverse_laplacian)
    apart = own[:, None] + own[None, :] - 2 * inverse_laplacian
    return np.where(component[:, None] == component[None, :], np.maximum(apart, 0.0), 0.0)
