"""02.5: gradient descent, the loop."""

import numpy as np

from mmlearn import reference
from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Train one layer. In each of `steps` steps: the logits, the loss, the pullbacks in
reverse, then kernel and bias one step downhill:
$W \\leftarrow W - \\eta\\, \\partial L/\\partial W$.

`x` is `(B, F)`, `labels` is `(B,)`, `kernel` is `(F, K)`, `bias` is `(K,)`. Return the
new `kernel`, the new `bias`, and the array of all losses `(steps,)`, each
taken *before* its step. Leave the arrays that you were given as they are.
"""

STUB = '''\
def descend(x, labels, kernel, bias, learning_rate, steps):
    """-> kernel (F, K), bias (K,), losses (steps,), each before its step"""
    raise NotImplementedError
'''


def solution(x, labels, kernel, bias, learning_rate, steps):
    """Forward, loss, pullbacks in reverse, step; as often as asked."""
    from mmlearn import reference

    losses = []
    for _ in range(steps):
        logits, dense_pullback = reference.dense(x, kernel, bias)
        loss, loss_pullback = reference.softmax_cross_entropy(logits, labels=labels)
        (dlogits,) = loss_pullback(1.0)
        _, dkernel, dbias = dense_pullback(dlogits)
        kernel = kernel - learning_rate * dkernel
        bias = bias - learning_rate * dbias
        losses.append(loss)
    return kernel, bias, np.array(losses)


def draw(rng):
    """A batch so small, and steps so few, that one can follow them."""
    B, F, K = int(rng.integers(3, 5)), 2, 3
    x = rng.integers(-2, 3, (B, F)).astype(float)
    kernel, bias = (rng.integers(-1, 2, s).astype(float) for s in ((F, K), K))
    labels = rng.integers(0, K, B)
    return Case((x, labels, kernel, bias, 0.5, int(rng.integers(3, 5))))


def corners(rng):
    """From zeros, as most people begin; no row of x is zero."""
    x, labels = np.array([[1.0, -2], [2, 1], [-1, 1], [3, 0]]), np.array([0, 1, 2, 1])
    return [Case((x, labels, np.zeros((2, 3)), np.zeros(3), 0.25, 3))]


def attempt(x, labels, kernel, bias, learning_rate, steps, *, wrong=frozenset()):
    """The loop with a student's mistakes in it."""
    sign = -1.0 if "uphill" in wrong else 1.0
    if "gradient summed over the batch" in wrong:
        sign = sign * len(x)
    first, losses = (kernel, bias), []
    for _ in range(steps):
        loss, dkernel, dbias = _gradients(x, labels, kernel, bias)
        if "gradient of the first weights" in wrong:
            _, dkernel, dbias = _gradients(x, labels, *first)
        losses.append(loss)
        kernel = kernel - sign * learning_rate * dkernel
        if "bias not moved" not in wrong:
            bias = bias - sign * learning_rate * dbias
        if "loss after the step" in wrong:
            losses[-1] = _gradients(x, labels, kernel, bias)[0]
    return kernel, bias, np.array(losses)


def _gradients(x, labels, kernel, bias):
    logits, dense_pullback = reference.dense(x, kernel, bias)
    loss, loss_pullback = reference.softmax_cross_entropy(logits, labels=labels)
    _, dkernel, dbias = dense_pullback(*loss_pullback(1.0))
    return loss, dkernel, dbias


MISTAKES = (
    Mistake(
        "uphill",
        "your steps go with the gradient, so the loss rises.",
        "Print the losses. Which way do they go, and which way does a gradient point?",
    ),
    Mistake(
        "bias not moved",
        "the bias is still the one you were given.",
        "The dense pullback returns three gradients. Which of them are weights'?",
    ),
    Mistake(
        "gradient of the first weights",
        "every step uses the gradient at the start: you walk straight on, whatever the "
        "slope has become.",
        "Which of your lines stand before the loop and belong inside it?",
    ),
    Mistake(
        "gradient summed over the batch",
        "your gradient is B times too large: the loss is a mean over the batch.",
        "Is your loss a mean, and does its pullback divide by B?",
        reread="First pullback: the mean",
    ),
    Mistake(
        "loss after the step",
        "your losses are one step late. The first should be the loss before any "
        "training.",
        "With which weights did you compute the loss that you keep?",
    ),
)


def by_sgd(x, labels, kernel, bias, learning_rate, steps):
    """With the optimizer of `reference`, and a list for the losses."""
    params, losses = (kernel, bias), []
    for _ in range(steps):
        loss, *gradients = _gradients(x, labels, *params)
        step = float(learning_rate)
        params, _ = reference.sgd(params, tuple(gradients), learning_rate=step)
        losses.append(float(loss))
    return [*params, losses]


def in_place_on_copies(x, labels, kernel, bias, learning_rate, steps):
    """`-=` is fine on arrays of one's own."""
    kernel, bias, losses = kernel.copy(), bias.copy(), np.zeros(steps)
    for step in range(steps):
        z = x @ kernel + bias
        e = np.exp(z - z.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        rows = np.arange(len(x))
        losses[step] = -np.log(p[rows, labels]).mean()
        p[rows, labels] -= 1
        kernel -= learning_rate * x.T @ p / len(x)
        bias -= learning_rate * p.mean(axis=0)
    return kernel, bias, losses


EXERCISE = Exercise(
    id="02.5",
    title="gradient descent",
    statement=STATEMENT,
    stub=STUB,
    function="descend",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_sgd, in_place_on_copies),
    question="Does your loss fall from step to step, and is the first one the loss of "
    "the weights you were given?",
    hints=(
        "Five lines in a loop: dense, loss, its pullback, dense's pullback, the step.",
        "`reference.dense` and `reference.softmax_cross_entropy(logits, labels=labels)`"
        " return a value and a pullback each.",
        "`w = w - …` makes a new array; `w -= …` changes the one you were given.",
    ),
    reread="Downhill",
    imports=("numpy", "math", "mmlearn"),
    parts=("kernel", "bias", "losses"),
    minutes=12,
    points=3,
)
