"""Simulated relations: modalities whose label is in what lies *between* them.

`simulate_modalities` has the label in the features, or in the XOR of two of them. Here
it is in a trust that changes from sample to sample, in the parity of many modalities,
at a moment that one modality points out to another, or in how far one runs behind the
other. Each is small, has a seed, and its best possible accuracy is known.
"""

from dataclasses import dataclass
from math import erf, sqrt

import numpy as np

from mmlearn.datasets.card import DataError

MANY = ("audio", "depth", "image", "text")


@dataclass(frozen=True)
class SimulatedRelation:
    """Samples, and the best that anyone could say of them.

    Attributes:
        x: dict name → (B, F) or (B, T, F) float32. y: (B,) int64, 0 or 1.
        posterior: (B, 2) p(y | x), exactly: all modalities are seen.
        bayes_accuracy: what no model can exceed; of `simulate_offset` a mean over
            these samples, with a standard error ≤ 0.5 / √B, elsewhere in closed form.
    """

    x: dict[str, np.ndarray]
    y: np.ndarray
    posterior: np.ndarray
    bayes_accuracy: float


def simulate_trust(samples=1000, *, features=4, steady=0.6, shaken=4.0, seed=0):
    """Which of two modalities to trust depends on the sample.

    Origin: simulated. Each modality shows the label, x_f = ±1/√F + σ ε, with its own σ
        for every sample, steady or shaken, each half of the time; one more feature
        tells which, +1 or −1. The best decision weighs each by 1/σ²: the label's sign
        times a function of another feature *of the same modality*.
    Licence and citation: CC BY 4.0, the mmlearn authors.

    Args:
        samples: B. features: of each modality, without the one that tells.
        steady, shaken: the two σ. seed: of everything drawn.

    Returns:
        `SimulatedRelation`, x: "audio" and "image", (B, F + 1) each.

    >>> round(simulate_trust(10).bayes_accuracy, 3)
    0.884
    """
    _expect("simulate_trust", samples, features, (steady, shaken))
    rng = np.random.default_rng(seed)
    y = rng.integers(2, size=samples)
    x, logit = {}, np.zeros(samples)
    for name in ("audio", "image"):
        good = rng.random(samples) < 0.5
        sigma = np.where(good, steady, shaken)
        signal = (2 * y - 1)[:, None] / sqrt(features)
        shown = signal + sigma[:, None] * rng.normal(size=(samples, features))
        x[name] = np.column_stack([shown, np.where(good, 1.0, -1.0)])
        logit += 2 * shown.sum(axis=1) / sqrt(features) / sigma**2
    best = [
        _phi(sqrt(a**-2 + b**-2)) for a in (steady, shaken) for b in (steady, shaken)
    ]
    return _relation(x, y, logit, float(np.mean(best)))


def simulate_parity(samples=1000, *, names=MANY, features=4, noise=0.35, seed=0):
    """Each modality shows one bit; the label is their parity, the XOR of all.

    Origin: simulated. Bit m is ±1/√F in every feature of modality m, with noise. Any
        M − 1 modalities are at chance; the product of all M signs is the label.
    Licence and citation: CC BY 4.0, the mmlearn authors.

    Args:
        samples: B. names: of M modalities, 1 or more. features: F of each.
        noise: σ on each feature. seed: of everything drawn.

    Returns:
        `SimulatedRelation`, x: name → (B, F).

    >>> data = simulate_parity(10, names=("audio", "image"))
    >>> round(data.bayes_accuracy, 3)  # p² + (1 − p)², p = Φ(1 / 0.35)
    0.996
    """
    _expect("simulate_parity", samples, features, (noise,))
    rng = np.random.default_rng(seed)
    signs = rng.choice([-1.0, 1.0], (samples, len(names)))
    x, product = {}, np.ones(samples)
    for name, sign in zip(names, signs.T, strict=True):
        shown = sign[:, None] / sqrt(features)
        x[name] = shown + noise * rng.normal(size=(samples, features))
        product *= np.tanh(x[name].sum(axis=1) / sqrt(features) / noise**2)
    y = (signs.prod(axis=1) < 0).astype(int)
    logit = -2 * np.arctanh(np.clip(product, -1 + 1e-12, 1 - 1e-12))
    best = (1 + (2 * _phi(1 / noise) - 1) ** len(names)) / 2
    return _relation(x, y, logit, best)


def simulate_pointer(samples=1000, *, steps=8, bits=5, noise=0.5, seed=0):
    """One modality points at the step of the other that counts.

    Origin: simulated. The image shows, at each step, a code of ±1 (all codes of a
        sample differ) and a value ±1 with noise; the text says one of the codes, the
        same at every step. The label is the sign of the value beside that code.
    Licence and citation: CC BY 4.0, the mmlearn authors.

    Args:
        samples: B. steps: T. bits: of a code, 2^bits ≥ T.
        noise: σ on the values; codes are clean. seed: of everything drawn.

    Returns:
        `SimulatedRelation`, x: "image" (B, T, bits + 1), the value last, and "text"
        (B, T, bits).

    >>> round(simulate_pointer(10).bayes_accuracy, 3)  # Φ(1 / 0.5)
    0.977
    """
    _expect("simulate_pointer", samples, steps, (noise,))
    if 2**bits < steps:
        raise DataError(
            f"simulate_pointer: {bits} bits for {steps} steps; expected 2^bits ≥ steps"
        )
    rng = np.random.default_rng(seed)
    order = rng.random((samples, 2**bits)).argsort(axis=1)[:, :steps]
    codes = 2.0 * (order[..., None] >> np.arange(bits) & 1) - 1  # (B, T, bits)
    values = rng.choice([-1.0, 1.0], (samples, steps))
    rows, asked = np.arange(samples), rng.integers(steps, size=samples)
    seen = values + noise * rng.normal(size=values.shape)
    x = {
        "image": np.concatenate([codes, seen[..., None]], axis=2),
        "text": np.repeat(codes[rows, asked][:, None], steps, axis=1),
    }
    y = (values[rows, asked] > 0).astype(int)
    return _relation(x, y, 2 * seen[rows, asked] / noise**2, _phi(1 / noise))


def simulate_offset(samples=1000, *, steps=13, features=2, noise=0.5, seed=0):
    """Does the sound follow the picture by one step, or by four and more?

    Origin: simulated. The image shows random signs ±1 at each step; the audio shows
        the same signs k steps later (the last come first again), both with noise.
        Label 1: k = 1; label 0: k is one of 4 … T − 4. With a prime T the pairs that
        stand at one moment are distributed alike for every k: who looks at moments by
        themselves, or at steps in no order, is at chance.
    Licence and citation: CC BY 4.0, the mmlearn authors.

    Args:
        samples: B. steps: T, a prime of 9 or more. features: F of both.
        noise: σ. seed: of everything drawn.

    Returns:
        `SimulatedRelation`, x: "audio" and "image", (B, T, F) each.

    >>> simulate_offset(1000).bayes_accuracy > 0.99
    True
    """
    _expect("simulate_offset", samples, features, (noise,))
    if steps < 9 or any(steps % n == 0 for n in range(2, int(sqrt(steps)) + 1)):
        raise DataError(f"simulate_offset: steps is {steps}; expected a prime, 9 up")
    rng = np.random.default_rng(seed)
    y = rng.integers(2, size=samples)
    far = np.arange(4, steps - 3)
    shift = np.where(y == 1, 1, rng.choice(far, samples))
    signs = rng.choice([-1.0, 1.0], (samples, steps, features))
    behind = (np.arange(steps) - shift[:, None]) % steps  # (B, T)
    late = np.take_along_axis(signs, behind[..., None], axis=1)
    x = {
        name: shown + noise * rng.normal(size=signs.shape)
        for name, shown in (("audio", late), ("image", signs))
    }
    # p(x | k) ∝ Π_tf cosh((image_t + audio_{t+k}) / σ²): the signs are summed away.
    fits = {
        k: _log_cosh((x["image"] + np.roll(x["audio"], -k, axis=1)) / noise**2)
        for k in (1, *far)
    }
    other = np.logaddexp.reduce([fits[k] for k in far], axis=0) - np.log(len(far))
    made = _relation(x, y, fits[1] - other, 0.0)
    best = float(made.posterior.max(axis=1).mean())
    return SimulatedRelation(made.x, made.y, made.posterior, best)


def _relation(x, y, logit, best):
    """Samples with p(y = 1 | x) = 1 / (1 + e^−logit)."""
    p = 1 / (1 + np.exp(-np.clip(logit, -500, 500)))
    return SimulatedRelation(
        {name: x[name].astype(np.float32) for name in sorted(x)},
        y.astype(np.int64),
        np.column_stack([1 - p, p]),
        best,
    )


def _log_cosh(x):
    """Σ_tf log cosh, (B, T, F) -> (B,)."""
    return (np.logaddexp(x, -x) - np.log(2)).sum(axis=(1, 2))


def _phi(d):
    """Φ(d), the share of a standard normal below d."""
    return 0.5 * (1 + erf(d / sqrt(2)))


def _expect(where, samples, size, noise):
    if samples < 1 or size < 1 or not all(0 < s < float("inf") for s in noise):
        raise DataError(
            f"{where}: samples {samples}, size {size}, noise {noise}; expected 1 or "
            "more, 1 or more, 0 < σ < ∞"
        )
