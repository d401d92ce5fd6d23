"""Entries and judges both random: how much of what we see is quality, how much severity, how much chance.

y = mu + u(entry) + b(judge) + error, all normal. Needed for reliability. As a ranking it draws entries towards the
general mean, which is unfair between panels of different quality.
Sources: Henderson's mixed-model equations; Bates and others (profiled REML); Gao and Owen (start from moments).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from .meetings import Meetings, gram, meetings, squares
from .panel import Panel

LOW, HIGH = np.log(1e-4), np.log(1e4)
STEP = 3e-4  # central differences: their error, of order STEP^2, is far below what matters in log theta


class Sides(NamedTuple):
    """The larger factor, which is eliminated, and the smaller, kept dense."""

    met: Meetings
    n_large: np.ndarray
    n_small: np.ndarray
    t_large: np.ndarray  # float[large, 2], weighted sums of [1, y] per level
    t_small: np.ndarray
    whole: np.ndarray  # float[2, 2], [1, y]' W [1, y]
    log_weight: float
    number: int
    entries_large: bool


class Solved(NamedTuple):
    """The equations solved for one pair of theta = (sd of the factor) / (sd of the error)."""

    value: float  # -2 log likelihood, restricted or not
    mu: float
    s2: float
    g11: float
    factor: tuple  # Cholesky factor of S
    x_large: np.ndarray  # float[large, 2], A^-1 t
    x_small: np.ndarray
    d: np.ndarray


class Components(NamedTuple):
    """Variances of entries, judges and error, in squared score units, with the general mean and the criterion."""

    entry: float
    judge: float
    residual: float
    mu: float
    mu_se: float
    criterion: float
    u: np.ndarray  # float[E], predicted deviation of each entry
    b: np.ndarray  # float[J]
    u_se: np.ndarray  # float[E], standard error of mu + u
    solved: Solved
    sides: Sides


def components(p: Panel, *, reml: bool = True) -> Components:
    """The variance components by restricted (or full) maximum likelihood, with best linear predictions.

    With theta_u = s_u / s and theta_b = tau / s: D = theta_u^2 n + 1; S = I + theta_b^2 diag(m) - theta_u^2 theta_b^2
    C' diag(1/D) C; log-determinant = sum log D + 2 sum log diag chol(S); REML adds log|X' V^-1 X| and takes N - 1.
    A component on its boundary comes out as exactly 0. Shapes and units as in Components.
    """
    sides = _sides(p)
    start = np.log(np.clip(np.sqrt(_moments(p)), 0.05, 50))
    theta = _search(lambda each: _solve(sides, each, reml).value, start)
    solved = _solve(sides, theta, reml)
    large, small = theta[0] * solved.x_large, theta[1] * solved.x_small
    (first, second), (fe, fj) = (large, small), (theta[0] ** 2, theta[1] ** 2)
    if not sides.entries_large:
        (first, second), (fe, fj) = (small, large), (fj, fe)
    u = first[:, 1] - solved.mu * first[:, 0]
    b = second[:, 1] - solved.mu * second[:, 0]
    variance = solved.s2 * (fe * _inverse_diagonal(sides, theta, solved) + (1 - first[:, 0]) ** 2 / solved.g11)
    return Components(
        float(solved.s2 * fe),
        float(solved.s2 * fj),
        float(solved.s2),
        solved.mu,
        float(np.sqrt(solved.s2 / solved.g11)),
        solved.value,
        u,
        b,
        np.sqrt(np.maximum(variance, 0.0)),
        solved,
        sides,
    )


def joint_covariance(c: Components) -> np.ndarray:
    """Covariance of mu + u between entries, float[E, E]: s2 theta_u^2 [A^-1]_uu + s2 k k' / g11."""
    sides, solved = c.sides, c.solved
    theta_e, theta_j = np.sqrt(c.entry / c.residual), np.sqrt(c.judge / c.residual)
    identity = np.eye(len(sides.n_small))
    inverse = cho_solve(solved.factor, identity)
    if sides.entries_large:
        table = np.zeros(sides.met.shape)
        np.add.at(table, (sides.met.group, sides.met.other), sides.met.w)
        scaled = table / solved.d[:, None] * theta_e * theta_j
        inverse = np.diag(1 / solved.d) + scaled @ inverse @ scaled.T
    x = solved.x_large if sides.entries_large else solved.x_small
    k = 1 - theta_e * x[:, 0]
    return c.entry * inverse + c.residual / solved.g11 * np.outer(k, k)


def _sides(p: Panel) -> Sides:
    entries_large = len(p.entries) >= len(p.judges)
    rows = np.arange(len(p.e)) if entries_large else np.argsort(p.j, kind="stable")
    large, small = (p.e, p.j) if entries_large else (p.j[rows], p.e[rows])
    numbers = (len(p.entries), len(p.judges)) if entries_large else (len(p.judges), len(p.entries))
    w, y = p.w[rows], p.y[rows]
    x = np.column_stack([np.ones(len(y)), y])

    def sums(level: np.ndarray, number: int) -> np.ndarray:
        return np.column_stack([np.bincount(level, weights=w * column, minlength=number) for column in x.T])

    t_large, t_small = sums(large, numbers[0]), sums(small, numbers[1])
    met = meetings(large, small, w, *numbers)
    whole = (x * w[:, None]).T @ x
    log_weight = float(np.log(w).sum())
    return Sides(met, t_large[:, 0], t_small[:, 0], t_large, t_small, whole, log_weight, len(y), entries_large)


def _solve(sides: Sides, theta: np.ndarray, reml: bool) -> Solved:
    """A = [D, theta theta C; ., I + theta^2 diag m] solved for the columns 1 and y by eliminating the larger factor."""
    first, second = float(theta[0]), float(theta[1])
    d = first**2 * sides.n_large + 1
    s = -((first * second) ** 2) * gram(sides.met, 1 / d)
    s[np.diag_indices_from(s)] += 1 + second**2 * sides.n_small
    factor = cho_factor(s, lower=True, overwrite_a=True, check_finite=False)
    t_large, t_small = first * sides.t_large, second * sides.t_small
    reduced = t_small - first * second * _down(sides, t_large / d[:, None])
    x_small = cho_solve(factor, reduced, check_finite=False)
    x_large = (t_large - first * second * _up(sides, x_small)) / d[:, None]
    g = sides.whole - t_large.T @ x_large - t_small.T @ x_small
    mu = g[0, 1] / g[0, 0]
    rest = max(float(g[1, 1] - g[0, 1] * mu), 1e-300)
    freedom = sides.number - 1 if reml else sides.number
    log_determinant = np.log(d).sum() + 2 * np.log(np.diag(factor[0])).sum() - sides.log_weight
    value = log_determinant + freedom * (1 + np.log(2 * np.pi * rest / freedom)) + (np.log(g[0, 0]) if reml else 0.0)
    return Solved(float(value), float(mu), rest / freedom, float(g[0, 0]), factor, x_large, x_small, d)


def _down(sides: Sides, columns: np.ndarray) -> np.ndarray:
    """C' columns: from the larger side to the smaller."""
    met = sides.met
    return np.column_stack(
        [np.bincount(met.other, weights=met.w * c[met.group], minlength=met.shape[1]) for c in columns.T]
    )


def _up(sides: Sides, columns: np.ndarray) -> np.ndarray:
    """C columns: from the smaller side to the larger."""
    met = sides.met
    return np.column_stack(
        [np.bincount(met.group, weights=met.w * c[met.other], minlength=met.shape[0]) for c in columns.T]
    )


def _inverse_diagonal(sides: Sides, theta: np.ndarray, solved: Solved) -> np.ndarray:
    """Diagonal of A^-1 for the entries, float[E]."""
    inverse = cho_solve(solved.factor, np.eye(len(sides.n_small)), check_finite=False)
    if not sides.entries_large:
        return np.diag(inverse).copy()
    return 1 / solved.d + (theta[0] * theta[1]) ** 2 * squares(sides.met, inverse) / solved.d**2


def _moments(p: Panel) -> np.ndarray:
    """theta^2 of the larger and the smaller factor from sums of squares within entries, within judges and in all."""
    y, number = p.y - p.y.mean(), float(len(p.y))
    n, m = p.per_entry.astype(float), p.per_judge.astype(float)
    pairs = np.unique(p.e * len(p.judges) + p.j, return_counts=True)
    cells = pairs[1].astype(float)
    k_u = (cells**2 / n[pairs[0] // len(p.judges)]).sum()
    k_b = (cells**2 / m[pairs[0] % len(p.judges)]).sum()
    u_u = (y**2).sum() - (np.bincount(p.e, weights=y) ** 2 / n).sum()
    u_b = (y**2).sum() - (np.bincount(p.j, weights=y) ** 2 / m).sum()
    u_e = number * (y**2).sum() - y.sum() ** 2
    system = np.array(
        [
            [0.0, number - k_u, number - len(n)],
            [number - k_b, 0.0, number - len(m)],
            [number**2 - (n**2).sum(), number**2 - (m**2).sum(), number**2 - number],
        ]
    )
    entry, judge, error = np.linalg.lstsq(system, np.array([u_u, u_b, u_e]), rcond=None)[0]
    error = max(error, 1e-6 * (entry + judge + error), 1e-12)
    ratios = np.maximum(np.array([entry, judge]) / error, 0.0)
    return ratios if len(n) >= len(m) else ratios[::-1]


def _search(f: Callable[[np.ndarray], float], start: np.ndarray) -> np.ndarray:
    """The theta with the least f: Newton steps in log theta; a factor that sinks to the bottom is set to exactly 0."""
    free = _newton(lambda log: f(np.exp(log)), start)
    theta = np.exp(free)
    best, value = theta, f(theta)
    for zero in ((True, False), (False, True), (True, True)):
        if not np.all(theta[np.array(zero)] < 0.05):
            continue
        candidate = _with_zeros(f, theta, np.array(zero))
        if f(candidate) <= value + 1e-8:
            best, value = candidate, f(candidate)
    return best


def _with_zeros(f: Callable[[np.ndarray], float], theta: np.ndarray, zero: np.ndarray) -> np.ndarray:
    full = np.where(zero, 0.0, theta)
    if zero.all():
        return full
    position = int(np.argmin(zero))

    def alone(log: np.ndarray) -> float:
        trial = full.copy()
        trial[position] = np.exp(log[0])
        return f(trial)

    full[position] = np.exp(_newton(alone, np.log(theta[position : position + 1])))[0]
    return full


def _newton(f: Callable[[np.ndarray], float], x: np.ndarray) -> np.ndarray:
    """Minimise f by Newton steps with central differences, kept downhill and inside LOW..HIGH."""
    x = np.clip(x, LOW, HIGH)
    value = f(x)
    for _ in range(60):
        gradient, hessian = _derivatives(f, x, value)
        held = ((x <= LOW) & (gradient > 0)) | ((x >= HIGH) & (gradient < 0))
        step = _downhill(np.where(held, 0.0, gradient), hessian, held)
        shrink = 1.0
        while shrink > 1e-6:
            trial = np.clip(x + shrink * step, LOW, HIGH)
            new = f(trial)
            if new <= value + 1e-12 * abs(value):
                break
            shrink /= 4
        moved = np.abs(trial - x).max() if shrink > 1e-6 else 0.0
        if shrink > 1e-6:
            x, value = trial, new
        if moved < 1e-6:
            break
    return x


def _derivatives(f: Callable[[np.ndarray], float], x: np.ndarray, value: float) -> tuple[np.ndarray, np.ndarray]:
    size = len(x)
    unit = STEP * np.eye(size)
    up, down = np.array([f(x + e) for e in unit]), np.array([f(x - e) for e in unit])
    gradient, hessian = (up - down) / (2 * STEP), np.diag((up - 2 * value + down) / STEP**2)
    if size == 2:
        hessian[0, 1] = hessian[1, 0] = (f(x + unit[0] + unit[1]) - up[0] - up[1] + value) / STEP**2
    return gradient, hessian


def _downhill(gradient: np.ndarray, hessian: np.ndarray, held: np.ndarray) -> np.ndarray:
    """The Newton step with every eigenvalue of the Hessian made positive, no longer than 2; held axes stay put."""
    hessian = np.where(held[:, None] | held[None, :], np.diag(np.ones(len(held))), hessian)
    lam, vectors = np.linalg.eigh(hessian)
    lam = np.maximum(np.abs(lam), 1e-3)
    step = -vectors @ ((vectors.T @ gradient) / lam)
    return step * min(1.0, 2 / max(float(np.abs(step).max()), 1e-300))
