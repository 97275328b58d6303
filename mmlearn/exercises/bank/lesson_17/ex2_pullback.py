"""17.2: the pullback of InfoNCE, with respect to the vectors."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
The same loss with its pullback, for rows that have length 1 already:

$$s = \\hat q\\, \\hat k^{\\mathsf T} / \\tau \\qquad
\\frac{\\partial L}{\\partial s_{bj}}
= \\frac{1}{2B}\\bigl(p_{bj} + r_{bj} - 2\\,[b = j]\\bigr)$$

$p$ is the softmax of each row of $s$, $r$ that of each column. `q` and `k` are
`(B, U)`. Return the loss and a function that takes `dloss` (one number) and returns
`dq`, `dk`, `(B, U)` each. Do not divide by lengths: take the rows as they are.
"""

STUB = '''\
def info_nce_with_pullback(q, k, temperature):
    """(B, U), (B, U) of length 1, tau -> loss, and dloss -> dq, dk"""
    raise NotImplementedError
'''


def solution(q, k, temperature):
    """dq = ds k / τ and dk = dsᵀ q / τ."""
    B = len(q)
    s = q @ k.T / temperature  # (B, B)
    e = np.exp(s - s.max())
    p, r = e / e.sum(axis=1, keepdims=True), e / e.sum(axis=0)
    loss = -(np.log(np.diag(p)) + np.log(np.diag(r))).mean() / 2

    def pullback(dloss):
        ds = dloss * (p + r - 2 * np.eye(B)) / (2 * B)
        return ds @ k / temperature, ds.T @ q / temperature

    return loss, pullback


def attempt(q, k, temperature, *, wrong=frozenset()):
    """Loss and pullback with a student's mistakes in them."""
    B = len(q)
    s = q @ k.T / temperature
    e = np.exp(s - s.max())
    p, r = e / e.sum(axis=1, keepdims=True), e / e.sum(axis=0)
    loss = -(np.log(np.diag(p)) + np.log(np.diag(r))).mean() / 2

    def pullback(dloss):
        own = 2 * np.eye(B)
        ds = p + r - own
        if "rows only" in wrong:
            ds = 2 * p - own
        if "the pull forgotten" in wrong:
            ds = ds + own
        if "the pull once" in wrong:
            ds = ds + own / 2
        n = 1 if "not divided by the batch" in wrong else 2 * B
        ds = ds / n
        if "upstream forgotten" not in wrong:
            ds = ds * dloss
        turned = ds if "not transposed for k" in wrong else ds.T
        t = 1.0 if "temperature forgotten" in wrong else temperature
        found = ds @ k / t, turned @ q / t
        if "through the lengths as well" in wrong:
            sides = zip(found, (q, k), strict=True)
            found = tuple(g - (g * v).sum(axis=1)[:, None] * v for g, v in sides)
        return found[::-1] if "the two exchanged" in wrong else found

    return loss, pullback


def _case(rng, B, U, temperature):
    q, k = (rng.integers(1, 5, (B, U)) * rng.choice([-0.5, 0.5], (B, U)) for _ in "qk")
    q, k = (v / np.linalg.norm(v, axis=1, keepdims=True) for v in (q, k))
    dloss = float(rng.choice([-2.0, 0.5, 3.0]))
    return Case((q, k, temperature), upstream=dloss)


def draw(rng):
    B = int(rng.integers(2, 5))
    return _case(rng, B, int(rng.integers(2, 4)), float(rng.choice([0.25, 0.5, 2.0])))


def corners(rng):
    """By hand: two queries along the axes, one key beside; then three."""
    q, k = np.eye(2), np.array([[1.0, 0.0], [0.6, 0.8]])
    return [
        Case((q, k, 0.5), upstream=2.0),
        Case((k[::-1], np.array([[0.0, -1.0], [0.8, 0.6]]), 2.0), upstream=0.5),
        _case(rng, 3, 2, 0.5),
    ]


PULL = ("the pull forgotten", "the pull once")

MISTAKES = (
    Mistake(
        PULL[0],
        "your gradient pushes strangers away and pulls no partner near: the 1 at the "
        "true place is missing.",
        "What stands in a cross-entropy's gradient beside the probabilities?",
        excludes=PULL,
    ),
    Mistake(
        PULL[1],
        "the partner pulls once. It is asked for twice, by its row and by its column.",
        "How many cross-entropies has a pair b a part in?",
        excludes=PULL,
    ),
    Mistake(
        "rows only",
        "your gradient has the softmax of the rows twice, and that of the columns not "
        "at all.",
        "Over which axis do the probabilities of the keys' question add up to 1?",
    ),
    Mistake(
        "temperature forgotten",
        "you went through the product and not through the division by the temperature.",
        "If the temperature is halved, by how much does s move with q?",
    ),
    Mistake(
        "not transposed for k",
        "for the keys you used the table as it stands. Its rows are queries.",
        "Which entries of ds has key j a part in?",
    ),
    Mistake(
        "the two exchanged",
        "you returned dk first and dq second.",
        "In which order do the arguments come?",
    ),
    Mistake(
        "through the lengths as well",
        "you went on through the lengths. Here the rows are taken as they are.",
        "Does the statement divide by lengths?",
    ),
    Mistake(
        "not divided by the batch",
        "the loss is a mean over 2 B questions, your gradient is their sum.",
        "What must the gradient be divided by if the loss is?",
    ),
    Mistake(
        "upstream forgotten",
        "right only where `dloss` is 1. A pullback multiplies with what it is given.",
        "Where in your pullback is `dloss` used?",
    ),
)


def by_loops(q, k, temperature):
    """One question at a time: what it pulls, and what it pushes."""
    B = len(q)
    s = [[float(a @ b) / temperature for b in k] for a in q]
    questions = [(b, [(b, j) for j in range(B)]) for b in range(B)]
    questions += [(b, [(j, b) for j in range(B)]) for b in range(B)]
    loss, ds = 0.0, np.zeros((B, B))
    for b, places in questions:
        z = np.array([s[i][j] for i, j in places])
        p = np.exp(z) / np.exp(z).sum()
        loss -= np.log(p[b]) / (2 * B)
        for share, (i, j) in zip(p, places, strict=True):
            ds[i, j] += (share - (i == j)) / (2 * B)

    def pullback(dloss):
        dq, dk = np.zeros(q.shape), np.zeros(k.shape)
        for i in range(B):
            for j in range(B):
                dq[i] += dloss * ds[i, j] * k[j] / temperature
                dk[j] += dloss * ds[i, j] * q[i] / temperature
        return dq, dk

    return loss, pullback


def by_einsum(q, k, temperature):
    """Two softmax cross-entropies of the course, one of them of the turned table."""
    from mmlearn.reference import softmax_cross_entropy

    own = np.arange(len(q))
    s = np.einsum("bu,ju->bj", q, k) / temperature
    forth, pull_forth = softmax_cross_entropy(s, labels=own)
    back, pull_back = softmax_cross_entropy(s.T, labels=own)

    def pullback(dloss):
        half = np.asarray(dloss / 2)
        ds = (pull_forth(half)[0] + pull_back(half)[0].T) / temperature
        return np.einsum("bj,ju->bu", ds, k), np.einsum("bj,bu->ju", ds, q)

    return (forth + back) / 2, pullback


EXERCISE = Exercise(
    id="17.2",
    title="the pullback of InfoNCE",
    statement=STATEMENT,
    stub=STUB,
    function="info_nce_with_pullback",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_loops, by_einsum),
    question="Take one query: which key pulls it near, which push it away, and how "
    "strongly does each?",
    hints=(
        "Keep p and r of the forward pass; ds is given in the statement.",
        "s is a product of two matrices over the temperature: lesson 02's dense layer "
        "without a bias.",
        "For y = x W: dx = dy Wᵀ. Here W is kᵀ / τ; and the other way round for k.",
    ),
    reread="What pulls, what pushes",
    kind="pullback",
    parts=("loss", "dq", "dk"),
    minutes=10,
    points=3,
)
