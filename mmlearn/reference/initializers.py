"""Random weights of a size that neither blows a signal up nor lets it die.

One unit sums F products, y = Σ_f w_f x_f. With weights of mean 0, all independent,

    E[y²] = Σ_f E[w_f²] E[x_f²] = F Var(w) E[x²].

So the signal keeps its size if Var(w) = 1/F: LeCun. Backward, each dx_f sums U
products, which asks for Var(w) = 1/U; between the two lies Var(w) = 2/(F + U): Glorot.
A ReLU sets half of a symmetric y to zero, E[relu(y)²] = ½ E[y²], and twice the
variance makes up for it, Var(w) = 2/F: He.

For a convolution F and U count the taps too: a unit sums kh · kw · C products.

Normal weights are drawn as Keras draws them: from a normal distribution cut at two of
its own standard deviations, widened so that Var(w) is right after the cut.
"""

import math

import numpy as np

CUT = 2.0  # standard deviations
# The standard deviation of a standard normal variable that is cut at ± CUT.
DENSITY = math.exp(-(CUT**2) / 2) / math.sqrt(2 * math.pi)
SHRUNK = math.sqrt(1 - 2 * CUT * DENSITY / math.erf(CUT / math.sqrt(2)))  # 0.8796


def fans(shape):
    """How many products one output sums (F), and to how many outputs one input goes.

    Args:
        shape: of a kernel: (F, U), or (taps…, C, U); or of a bias, (U,).

    Returns:
        fan_in, fan_out: integers.

    Raises:
        ValueError: for a shape with no axis, or one of size 0.

    >>> fans((784, 128)), fans((3, 3, 16, 32))
    ((784, 128), (144, 288))
    """
    shape = tuple(shape)
    if not shape or min(shape) < 1:
        raise ValueError(f"initializers: shape is {shape}; expected sizes of 1 or more")
    if len(shape) == 1:
        return shape[0], shape[0]
    taps = math.prod(shape[:-2])
    return taps * shape[-2], taps * shape[-1]


def glorot_uniform(shape, *, seed):
    """Uniform weights on ±√(6 / (fan_in + fan_out)): Var(w) = 2 / (fan_in + fan_out).

    Keras' default. A uniform variable on ±a has the variance a²/3.

    Args:
        shape: of the kernel, (F, U) or (taps…, C, U).
        seed: integer, or a NumPy Generator to draw from.

    Returns:
        kernel: float64, the shape asked for.

    >>> float(abs(glorot_uniform((100, 50), seed=0)).max()) <= (6 / 150) ** 0.5
    True

    Source: X. Glorot, Y. Bengio, *Understanding the difficulty of training deep
    feedforward neural networks*, AISTATS 2010, eq. 16.
    """
    return _uniform(shape, 2 / sum(fans(shape)), seed)


def glorot_normal(shape, *, seed):
    """Normal weights with Var(w) = 2 / (fan_in + fan_out); see `glorot_uniform`.

    >>> f"{glorot_normal((300, 100), seed=0).var():.4f}"  # 2 / 400
    '0.0050'
    """
    return _normal(shape, 2 / sum(fans(shape)), seed)


def he_uniform(shape, *, seed):
    """Uniform weights on ±√(6 / fan_in): Var(w) = 2 / fan_in; see `he_normal`.

    >>> f"{he_uniform((400, 100), seed=0).var():.4f}"  # 2 / 400
    '0.0050'
    """
    return _uniform(shape, 2 / fans(shape)[0], seed)


def he_normal(shape, *, seed):
    """Normal weights with Var(w) = 2 / fan_in, for layers before or after a ReLU.

    E[y²] = F Var(w) E[relu(y)²] and E[relu(y)²] = ½ E[y²], so with Var(w) = 2/F the
    size stays from one layer to the next.

    Args:
        shape: of the kernel, (F, U) or (taps…, C, U).
        seed: integer, or a NumPy Generator to draw from.

    Returns:
        kernel: float64, the shape asked for.

    >>> f"{he_normal((400, 100), seed=0).var():.4f}"  # 2 / 400
    '0.0050'

    Source: K. He et al., *Delving deep into rectifiers*, ICCV 2015, eq. 10.
    """
    return _normal(shape, 2 / fans(shape)[0], seed)


def lecun_normal(shape, *, seed):
    """Normal weights with Var(w) = 1 / fan_in: a linear layer keeps E[x²].

    >>> f"{lecun_normal((200, 100), seed=0).var():.4f}"  # 1 / 200
    '0.0050'

    Source: Y. LeCun, L. Bottou, G. B. Orr, K.-R. Müller, *Efficient BackProp*, 1998,
    section 4.6.
    """
    return _normal(shape, 1 / fans(shape)[0], seed)


def _uniform(shape, variance, seed):
    limit = math.sqrt(3 * variance)
    return np.random.default_rng(seed).uniform(-limit, limit, shape)


def _normal(shape, variance, seed):
    rng = np.random.default_rng(seed)
    w = rng.standard_normal(math.prod(shape))
    while (outside := np.abs(w) > CUT).any():
        w[outside] = rng.standard_normal(outside.sum())
    return w.reshape(shape) * (math.sqrt(variance) / SHRUNK)
