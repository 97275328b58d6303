"""Simulated modalities: feature vectors whose best possible fusion is known.

A *script* is drawn first: the label y, as bits, and a key r, as many random bits. Each
modality then shows some of these bits as +1 or −1, each in a coordinate of its own,
with Gaussian noise on every coordinate, and turns its coordinates by a fixed rotation.
So p(x | script) is Gaussian, and the posterior p(y | x) is a sum over all scripts.
"""

from dataclasses import dataclass

import numpy as np

from mmlearn.datasets.card import DataError
from mmlearn.datasets.gaussian_script import Script, write_script
from mmlearn.samples import expect_keys

NOISE = {"audio": 1.0, "image": 1.0, "text": 1.0}


def simulate_modalities(
    samples=1000,
    *,
    classes=4,
    features=8,
    noise=None,
    redundancy=1.0,
    synergy=0.0,
    correlation=0.0,
    prior=None,
    seed=0,
    world=0,
):
    """Draw feature vectors of several modalities that tell of one label.

    Origin: simulated. Modality m shows bit j of y with amplitude (1 − synergy), times
        `redundancy` unless the bit is its own (j mod M = m, in sorted order); and the
        first two show, with amplitude `synergy`, the bits of y ⊕ r and of r.
    Licence and citation: CC BY 4.0, the mmlearn authors.

    Args:
        samples: B. classes: K ≥ 2, in n = ⌈log₂ K⌉ bits. features: F ≥ 2n of each.
        noise: modality name → σ, s.d. of the noise on each feature, > 0.
        redundancy: 1, each modality shows all bits of the label; 0, only its own.
        synergy: 1, the label is the XOR of what two modalities show (the others show
            nothing), and each alone is at chance; 0, independent given the label.
        correlation: of the noise of any two modalities, 0 ≤ ρ < 1.
        prior: (K,) probabilities of the classes; by default equal.
        seed: of the samples. world: of the rotations, the same for train and test.

    Returns:
        `SimulatedModalities`: x, dict name → (B, F) float32, and y (B,) int64.

    >>> data = simulate_modalities(5, noise={"image": 1.0, "audio": 0.5})
    >>> data.names, data.x["image"].shape, data.posterior(["image"]).shape
    (('audio', 'image'), (5, 8), (5, 4))
    """
    noise = dict(NOISE if noise is None else noise)
    if samples < 1:
        raise DataError(
            f"simulate_modalities: samples is {samples}; expected 1 or more"
        )
    script = write_script(
        noise, classes, features, redundancy, synergy, correlation, prior, world
    )
    x, y = script.draw(samples, np.random.default_rng(seed))
    return SimulatedModalities(x=x, y=y, script=script)


@dataclass(frozen=True)
class SimulatedModalities:
    """Feature vectors of several modalities, and all that can be known of them.

    Attributes:
        x: dict name → (B, F) float32. y: (B,) int64, the labels.
        script: how they were drawn.
    """

    x: dict[str, np.ndarray]
    y: np.ndarray
    script: Script

    @property
    def names(self):
        """The modalities, sorted."""
        return self.script.names

    def posterior(self, names=None, *, x=None, available=None):
        """What the best possible fusion says: p(y | x), exactly.

        Args:
            names: the modalities it sees; by default all, in any order.
            x: other samples of the same script, dict name → (B, F); by default these.
            available: dict name → (B,) bool; what stands in x of an unavailable
                sample does not matter. With no modality at all: the prior.

        Returns:
            (B, K) probabilities of the classes.
        """
        names = self._expect_names("posterior", names)
        x = self.x if x is None else x
        expect_keys("posterior", x, list(self.names))
        if available is None:
            return self.script.posterior(x, names)
        expect_keys("posterior: available", available, list(self.names))
        rows = len(x[self.names[0]])
        seen = np.array([available[n] for n in names], bool).reshape(len(names), rows)
        result = np.zeros((rows, len(self.script.prior)))
        for pattern in np.unique(seen, axis=1).T:
            here = (seen == pattern[:, None]).all(axis=0)
            some = [n for n, there in zip(names, pattern, strict=True) if there]
            part = {n: x[n][here] for n in self.names}
            result[here] = self.script.posterior(part, some)
        return result

    def bayes_accuracy(self, names=None, *, draws=200_000):
        """The accuracy that no model which sees these modalities can exceed.

        In closed form where the bits can be decided one by one (equally probable
        classes, K a power of 2, synergy 0, or 1 without correlation); else the mean
        of the largest posterior over fresh draws: standard error ≤ 0.5 / √draws.

        Args:
            names: the modalities seen; by default all.
            draws: how many samples where there is no closed form.
        """
        names = self._expect_names("bayes_accuracy", names)
        exact = self.script.closed_form(names)
        if exact is not None:
            return exact
        return self._expectation(names, draws, lambda p, _: p.max(axis=1))

    def bayes_gain(self, names=None, *, draws=200_000):
        """What fusing can gain: accuracy of all named minus that of the best alone."""
        names = self._expect_names("bayes_gain", names)
        alone = [self.bayes_accuracy([name], draws=draws) for name in names]
        return self.bayes_accuracy(names, draws=draws) - max(alone)

    def information(self, names=None, *, draws=200_000):
        """I(y; x) in bits: the mean of log₂ p(y | x) / p(y) over fresh draws."""
        names = self._expect_names("information", names)
        prior = self.script.prior

        def bits(p, y):
            rows = np.arange(len(y))
            return np.log2(np.maximum(p[rows, y], 1e-300) / prior[y])

        return self._expectation(names, draws, bits)

    def splits(self, train=0.6, validation=0.2):
        """Cut in three: dict of (x, y); the samples are independent, so in order."""
        ends = np.cumsum([0, train, validation, 1 - train - validation])
        cuts = np.round(ends * len(self.y)).astype(int)
        return {
            part: ({n: self.x[n][a:b] for n in self.names}, self.y[a:b])
            for part, a, b in zip(
                ("train", "validation", "test"), cuts[:-1], cuts[1:], strict=True
            )
        }

    def _expectation(self, names, draws, what):
        rng, total = np.random.default_rng(12345), 0.0
        for start in range(0, draws, 10_000):  # in pieces: memory stays small
            x, y = self.script.draw(min(10_000, draws - start), rng)
            total += float(what(self.script.posterior(x, names), y).sum())
        return total / draws

    def _expect_names(self, where, names):
        names = self.names if names is None else names
        if isinstance(names, str) or not set(names) <= set(self.names):
            raise DataError(
                f"{where}: names is {names!r}; expected a list of some of "
                f"{', '.join(self.names)}"
            )
        return tuple(sorted(set(names)))
