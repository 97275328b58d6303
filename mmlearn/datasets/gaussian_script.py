"""The script of simulated modalities: what is drawn first, and what follows from it.

A label and a key are drawn; each modality's features are Gaussian given both. So the
posterior of the label is a sum over the keys, and nothing about it is approximate.
"""

from dataclasses import dataclass
from math import erf, sqrt

import numpy as np

from mmlearn.datasets.card import DataError


@dataclass(frozen=True)
class Script:
    """What is drawn before any feature is, and how features follow from it.

    Attributes:
        names: the modalities, sorted.
        means: (K, Q, M, F) mean coordinates for each label and key.
        covariance: (M, M) of the noise of the modalities, the same in each coordinate.
        rotations: name → (F, F), coordinates to features.
        prior: (K,) probabilities of the labels; keys are equally probable.
        synergy: the dial; closed_form asks it.
    """

    names: tuple[str, ...]
    means: np.ndarray
    covariance: np.ndarray
    rotations: dict[str, np.ndarray]
    prior: np.ndarray
    synergy: float

    def draw(self, samples, rng):
        """Samples of it: x, dict name → (B, F) float32, and y (B,) int64."""
        classes, keys, m, features = self.means.shape
        y = rng.choice(classes, size=samples, p=self.prior)
        key = rng.integers(keys, size=samples)
        white = rng.normal(size=(samples, m, features))
        root = np.linalg.cholesky(self.covariance)
        z = self.means[y, key] + np.einsum("mn,bnf->bmf", root, white)  # (B, M, F)
        x = {
            name: (z[:, n] @ self.rotations[name]).astype("float32")
            for n, name in enumerate(self.names)
        }
        return x, y.astype("int64")

    def posterior(self, x, names):
        """p(y | the named modalities of x), (B, K), exactly; of none, the prior."""
        if not names:
            rows = len(next(iter(x.values())))
            return np.tile(self.prior, (rows, 1))
        chosen = [self.names.index(name) for name in names]
        z = np.stack([x[n].astype(float) @ self.rotations[n].T for n in names], axis=1)
        means = self.means[:, :, chosen]  # (K, Q, M, F)
        inverse = np.linalg.inv(self.covariance[np.ix_(chosen, chosen)])
        # log N(z; μ, C ⊗ I) = Σ_f μᵀ C⁻¹ z − ½ μᵀ C⁻¹ μ, and a term without the script.
        pull = np.einsum("mn,kqnf->kqmf", inverse, means)
        size = pull[..., 0, 0].size
        logits = z.reshape(len(z), -1) @ pull.reshape(size, -1).T  # (B, K Q)
        logits -= 0.5 * (means * pull).sum(axis=(2, 3)).ravel()
        logits = logits.reshape(len(z), *means.shape[:2])
        with np.errstate(divide="ignore"):  # a class that never comes
            logits += np.log(self.prior)[:, None]
        weights = np.exp(logits - logits.max(axis=(1, 2), keepdims=True)).sum(axis=2)
        return weights / weights.sum(axis=1, keepdims=True)

    def closed_form(self, names):
        """The accuracy of the best decision where bits are decided apart, else None."""
        classes = len(self.prior)
        bits = (classes - 1).bit_length()
        uniform = classes == 2**bits and np.ptp(self.prior) < 1e-12
        chosen = [self.names.index(name) for name in names]
        c = self.covariance[np.ix_(chosen, chosen)]
        independent = np.count_nonzero(self.covariance) == len(self.covariance)
        if not names:
            return float(self.prior.max())
        if not uniform or not (self.synergy == 0 or self.synergy == 1 and independent):
            return None
        if self.synergy == 1:
            if not set(self.names[:2]) <= set(names):
                return 1 / classes
            p, q = (_phi(1 / sqrt(self.covariance[n, n])) for n in (0, 1))
            return (p * q + (1 - p) * (1 - q)) ** bits
        gains = np.abs(self.means[0, 0, chosen, :bits])  # (M, n)
        distances = np.sqrt((gains * np.linalg.solve(c, gains)).sum(axis=0))
        return float(np.prod([_phi(d) for d in distances]))


def write_script(
    noise, classes, features, redundancy, synergy, correlation, prior, world
):
    """Check the dials of `simulate_modalities` and make its `Script`."""
    _expect_dials(classes, features, noise, redundancy, synergy, correlation)
    names = tuple(sorted(noise))
    sigma = np.array([noise[name] for name in names], float)
    covariance = correlation * np.outer(sigma, sigma)
    np.fill_diagonal(covariance, sigma**2)
    rotations = {
        name: _rotation(features, np.random.default_rng([world, *name.encode()]))
        for name in names
    }
    return Script(
        names=names,
        means=_means(len(names), classes, features, redundancy, synergy),
        covariance=covariance,
        rotations=rotations,
        prior=_expect_prior(prior, classes),
        synergy=float(synergy),
    )


def _means(m, classes, features, redundancy, synergy):
    """(K, Q, M, F): the label's bits in coordinates 0 … n−1, shares in n … 2n−1."""
    n = (classes - 1).bit_length()
    keys = 2**n if synergy else 1
    means = np.zeros((classes, keys, m, features))
    y = _signs(np.arange(classes), n)[:, None]  # (K, 1, n)
    for modality in range(m):
        own = np.arange(n) % m == modality
        gain = (1 - synergy) * np.where(own, 1.0, redundancy)
        means[:, :, modality, :n] = gain * y
    if synergy:
        r = _signs(np.arange(keys), n)  # (Q, n)
        means[:, :, 0, n : 2 * n] = synergy * -y * r  # of signs, −yr is y ⊕ r
        means[:, :, 1, n : 2 * n] = synergy * r
    return means


def _signs(numbers, n):
    """Bits as −1 and +1, the lowest first: (N,) -> (N, n)."""
    return 2.0 * (numbers[:, None] >> np.arange(n) & 1) - 1


def _rotation(features, rng):
    q, r = np.linalg.qr(rng.normal(size=(features, features)))
    return q * np.sign(np.diag(r))


def _phi(d):
    """Φ(d), the share of a standard normal below d."""
    return 0.5 * (1 + erf(d / sqrt(2)))


def _expect_dials(classes, features, noise, redundancy, synergy, correlation):
    where = "simulate_modalities"
    if classes < 2 or features < 2 * (classes - 1).bit_length():
        raise DataError(
            f"{where}: classes {classes}, features {features}; expected K ≥ 2 classes "
            "and two features for each of their ⌈log₂ K⌉ bits"
        )
    wrong = {n: s for n, s in noise.items() if not (0 < s < float("inf"))}
    if not noise or wrong:
        raise DataError(
            f"{where}: noise is {wrong or noise}; expected modality name → σ with "
            "0 < σ < ∞ (leave out what shall not be there)"
        )
    if not (0 <= redundancy <= 1 and 0 <= synergy <= 1 and 0 <= correlation < 1):
        raise DataError(
            f"{where}: redundancy {redundancy}, synergy {synergy}, correlation "
            f"{correlation}; expected 0 … 1, 0 … 1, and 0 ≤ correlation < 1"
        )
    if synergy and len(noise) < 2:
        raise DataError(f"{where}: synergy {synergy} takes two modalities, got one")


def _expect_prior(prior, classes):
    p = np.full(classes, 1 / classes) if prior is None else np.asarray(prior, float)
    if p.shape != (classes,) or not (p >= 0).all() or abs(p.sum() - 1) > 1e-9:
        raise DataError(
            f"simulate_modalities: prior is {prior}; expected {classes} probabilities "
            "that add up to 1"
        )
    return p
