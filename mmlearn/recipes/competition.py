"""Two modalities race for one label: the fast one silences the slow one, and cures.

Lesson 16's second experiment, in NumPy, so that each gradient can be seen: an encoder
with one hidden layer for each modality, and logits that are added up. All seeds are
trained side by side, on a leading axis S.
"""

from dataclasses import dataclass

import numpy as np

from mmlearn.recipes.two_clues import NAMES, draw

SIZES = {"train": 400, "validation": 1000, "test": 4000}
HIDDEN, BATCH, RATE, MOMENTUM, CLASSES = 32, 40, 0.05, 0.9, 2
# Strengths by the validation accuracy after the last epoch, of the five seeds 100 to
# 104: slower 0.97 of 0.5 … 1; modulated 8 of 0.1 … 8 (0.1: 0.781, 0.3: 0.786, 1: 0.875,
# 4: 0.913, 8: 0.915); dropout 0.95 of 0.2 … 1; own losses 1 of 0.1 … 3. Without a cure
# rates from 0.005 to 0.2 gave 0.772 to 0.787.
CURES = ("none", "slower", "modulated", "dropout", "own losses", "apart")


@dataclass(frozen=True)
class Race:
    """What was measured after each epoch, of all seeds.

    Attributes:
        accuracy: "both", "deep", "wide" → (epochs, S), on validation samples; one
            modality's is that of its own logits, the other left out.
        norms: "deep", "wide" → (epochs, S), mean length of the gradient of an encoder's
            weights over the epoch's batches, as it came (before any cure changes it).
        losses: (epochs, S), cross-entropy of both together on the training samples.
        test: "both", "deep", "wide" → (S,) accuracy on 4,000 test samples, after the
            last epoch.
        seeds: S of them. weights: after the last epoch.
    """

    accuracy: dict[str, np.ndarray]
    norms: dict[str, np.ndarray]
    losses: np.ndarray
    test: dict[str, np.ndarray]
    seeds: tuple[int, ...]
    weights: dict[str, list[np.ndarray]]

    def logits(self, part, seed):
        """Each modality's logits after the last epoch, and the labels, of one seed.

        Args:
            part: "validation" or "test". seed: one of `seeds`.

        Returns:
            z {"deep": (B, 2), "wide": (B, 2)}, y (B,).
        """
        x, y = draw(SIZES[part], [seed], list(SIZES).index(part))
        place = self.seeds.index(seed)
        one = {n: [a[place] for a in w] for n, w in self.weights.items()}
        return {n: _logits(one[n], x[n][0]) for n in NAMES}, y[0]


def race(cure="none", *, strength=1.0, seeds=range(5), epochs=60, rate=RATE):
    """Train two encoders whose logits are added up, and watch both.

    Args:
        cure: "none"; "slower", wide's rate times 1 − strength; "modulated", the
            gradient of whichever is ahead by ρ > 1 times 1 − tanh(strength · ρ) (Peng
            et al. 2022, without their noise); "dropout", with probability `strength`
            one of the two is hidden from a sample; "own losses", strength times each
            one's own cross-entropy is added; "apart", nothing but these.
        strength: of the cure.
        seeds: of data, weights and batches.
        epochs: of the training, on 400 samples.
        rate: learning rate of gradient descent with momentum 0.9.

    Returns:
        Race.

    Raises:
        ValueError: for a cure that there is not.
    """
    if cure not in CURES:
        raise ValueError(f"race: cure is {cure!r}; expected one of {', '.join(CURES)}")
    seeds = tuple(seeds)
    train, validation, test = (draw(n, seeds, k) for k, n in enumerate(SIZES.values()))
    rngs = [np.random.default_rng([seed, 3]) for seed in seeds]
    weights = {name: _fresh(train[0][name].shape[-1], rngs) for name in NAMES}
    speed = {name: [np.zeros_like(w) for w in weights[name]] for name in NAMES}
    seen, norms, losses = [], [], []
    for _ in range(epochs):
        norms.append(_epoch(weights, speed, train, rngs, cure, strength, rate))
        seen.append(measure(weights, *validation))
        losses.append(measure(weights, *train)["loss"])
    tested = measure(weights, *test)
    return Race(
        accuracy={n: np.stack([f[n] for f in seen]) for n in ("both", *NAMES)},
        norms={n: np.stack([f[n] for f in norms]) for n in NAMES},
        losses=np.stack(losses),
        test={n: tested[n] for n in ("both", *NAMES)},
        seeds=seeds,
        weights=weights,
    )


def gradients(weights, x, y, cure="none", strength=1.0, shown=None):
    """Gradients of both encoders on one batch, and the factor a cure puts to them.

    z = Σ_m relu(x_m W_m + c_m) V_m. All that an encoder hears of the label is
    dz = softmax(z) − onehot(y): the same for both.

    Args:
        weights: name → [W (S, F, H), c (S, 1, H), V (S, H, K)].
        x: name → (S, B, F). y: (S, B).
        cure, strength: as of `race`.
        shown: name → (S, B) bool, or None: both.

    Returns:
        name → ([dW, dc, dV], factor (S,)).
    """
    hidden = {n: np.maximum(x[n] @ w[0] + w[1], 0) for n, w in weights.items()}
    z = {n: hidden[n] @ w[2] for n, w in weights.items()}  # (S, B, K)
    if shown is not None:
        z = {n: z[n] * shown[n][..., None] for n in z}
    one_hot, batch = np.eye(CLASSES)[y], y.shape[1]
    residual = softmax(sum(z.values())) - one_hot
    factors = _factors(z, y, strength) if cure == "modulated" else {}
    found = {}
    for n, (_, _, v) in weights.items():
        dz = residual if cure != "apart" else 0.0
        if cure in ("own losses", "apart"):
            dz = dz + strength * (softmax(z[n]) - one_hot)
        if shown is not None:
            dz = dz * shown[n][..., None]
        dz = dz / batch
        dh = (dz @ _turned(v)) * (hidden[n] > 0)
        grads = [_turned(x[n]) @ dh, dh.sum(1, keepdims=True), _turned(hidden[n]) @ dz]
        found[n] = grads, factors.get(n, np.ones(len(y)))
    return found


def measure(weights, x, y):
    """{"both", "deep", "wide": accuracies (S,), "loss": of both together (S,)}."""
    z = {n: _logits(w, x[n]) for n, w in weights.items()}
    z["both"] = z["deep"] + z["wide"]
    found = {n: (logits.argmax(axis=-1) == y).mean(axis=1) for n, logits in z.items()}
    p = np.take_along_axis(softmax(z["both"]), y[..., None], axis=-1)
    return found | {"loss": -np.log(np.maximum(p, 1e-12)).mean(axis=(1, 2))}


def _logits(weights, x):
    w, c, v = weights
    return np.maximum(x @ w + c, 0) @ v


def softmax(z):
    """Over the last axis."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def _epoch(weights, speed, train, rngs, cure, strength, rate):
    """All samples once, in place; the mean length of each encoder's gradient."""
    x, y = train
    samples, rows = y.shape[1], np.arange(len(rngs))[:, None]
    order = np.stack([rng.permutation(samples) for rng in rngs])  # (S, N)
    norms = dict.fromkeys(NAMES, 0.0)
    for start in range(0, samples, BATCH):
        some = order[:, start : start + BATCH]
        batch = {n: x[n][rows, some] for n in NAMES}
        shown = _shown(rngs, some.shape[1], strength) if cure == "dropout" else None
        found = gradients(weights, batch, y[rows, some], cure, strength, shown)
        for n, (grads, factor) in found.items():
            norms[n] = norms[n] + np.sqrt((grads[0] ** 2).sum(axis=(1, 2)))
            if cure == "slower" and n == "wide":
                factor = factor * (1 - strength)
            for w, v, g in zip(weights[n], speed[n], grads, strict=True):
                v *= MOMENTUM
                v -= rate * factor[:, None, None] * g
                w += v
    return {n: norm / -(-samples // BATCH) for n, norm in norms.items()}


def _factors(z, y, strength):
    """1 − tanh(α ρ) for who is ahead: ρ, the ratio of what each gives to the truth."""
    one_hot = np.eye(CLASSES)[y]
    given = {n: (softmax(logits) * one_hot).sum(axis=(1, 2)) for n, logits in z.items()}
    ratio = given["wide"] / given["deep"]
    ratios = {"wide": ratio, "deep": 1 / ratio}
    return {
        n: np.where(rho > 1, 1 - np.tanh(strength * rho), 1.0)
        for n, rho in ratios.items()
    }


def _shown(rngs, batch, rate):
    """With probability `rate` one of the two is hidden from a sample, never both."""
    u = np.stack([rng.random((2, batch)) for rng in rngs])  # (S, 2, B)
    hidden, first = u[:, 0] < rate, u[:, 1] < 0.5
    return {"deep": ~(hidden & first), "wide": ~(hidden & ~first)}


def _fresh(features, rngs):
    """[W, c, V] of one encoder for every seed: He's normal weights, V near 0."""
    w = np.stack([rng.normal(size=(features, HIDDEN)) for rng in rngs])
    v = np.stack([rng.normal(size=(HIDDEN, CLASSES)) for rng in rngs])
    zeros = np.zeros((len(rngs), 1, HIDDEN))
    return [w * np.sqrt(2 / features), zeros, v / np.sqrt(HIDDEN)]


def _turned(a):
    return a.swapaxes(-1, -2)
