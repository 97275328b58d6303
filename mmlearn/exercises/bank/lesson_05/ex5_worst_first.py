"""05.5: which samples to look at first."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Which samples cost the most? `probabilities` is `(N, K)`, `labels` is `(N,)`. The loss
of sample $n$ is $-\\ln p_{n,\\,y_n}$, with $y_n$ its label. Return the indices of the
`count` samples with the largest loss, the worst first. (No two losses are equal.)
"""

STUB = '''\
def worst_first(probabilities, labels, count):
    """(N, K), (N,) -> (count,) indices of the largest losses, worst first."""
    raise NotImplementedError
'''


def solution(probabilities, labels, count):
    """Each sample's own label picks one probability of its row; small is bad."""
    chosen = probabilities[np.arange(len(labels)), labels]  # (N,)
    return np.argsort(chosen)[:count]


def attempt(probabilities, labels, count, *, wrong=frozenset()):
    """The search with a student's mistakes in it."""
    n = np.arange(len(labels))
    p = probabilities[n, labels]
    if "the least sure" in wrong:
        p = probabilities.max(axis=1)
    if "the most sure" in wrong:
        p = -probabilities.max(axis=1)
    if "the most sure mistakes" in wrong:
        said = probabilities.argmax(axis=1)
        p = np.where(said == labels, 1, 0) - probabilities.max(axis=1)
    order = np.argsort(p, kind="stable")
    if "the best first" in wrong:
        order = order[::-1]
    if "worst last" in wrong:
        return order[:count][::-1]
    if "the losses themselves" in wrong:
        return -np.log(probabilities[n, labels])[order[:count]]
    if "argsort taken for ranks" in wrong:
        return np.argsort(order)[:count]
    return order[:count]


def draw(rng):
    """Four classes, rows in sixty-fourths; no loss and no confidence met twice."""
    return _case(rng, int(rng.integers(6, 10)), 4)


def corners(rng):
    return [_case(rng, 5, 3), _case(rng, 9, 3)]


def _case(rng, N, K):
    """Draw until all orders that a mistake could give are different."""
    while True:
        probabilities = rng.dirichlet(np.ones(K), N)
        labels = probabilities.argmax(axis=1)
        wrong = rng.permutation(N)[: N // 2]
        labels[wrong] = rng.integers(0, K, len(wrong))
        case = Case((probabilities.round(4), labels, 3))
        names = ["the least sure", "the most sure", "the most sure mistakes"]
        results = [solution(*case.args), solution(*case.args)[::-1]]
        results += [attempt(*case.args, wrong=frozenset({name})) for name in names]
        results += [r[::-1] for r in results[2:]]
        told = {tuple(r.tolist()) for r in results}
        if len(told) == len(results) and 0 not in solution(*case.args):
            return case


def by_losses(probabilities, labels, count):
    """The losses as the statement writes them, sorted from the largest."""
    rows = zip(probabilities, labels, strict=True)
    losses = [-np.log(row[label]) for row, label in rows]
    return sorted(range(len(losses)), key=lambda n: -losses[n])[:count]


_OTHERS = ("the least sure", "the most sure", "the most sure mistakes")
MISTAKES = (
    Mistake(
        "the best first",
        "yours are the samples with the smallest loss.",
        "Is a large probability of the true class a large loss, or a small one?",
        "What it gets wrong",
        excludes=("the least sure", "the most sure"),
    ),
    Mistake(
        "worst last",
        "the right samples, in the opposite order.",
        "Should the first index be the one with the largest loss?",
    ),
    Mistake(
        "the least sure",
        "yours are the samples whose largest probability is small: where the model "
        "doubts, right or wrong.",
        "Where do you use the labels?",
        "What it gets wrong",
        excludes=_OTHERS[1:],
    ),
    Mistake(
        "the most sure",
        "yours are the samples whose largest probability is large: where the model is "
        "sure, right or wrong.",
        "Where do you use the labels?",
        "What it gets wrong",
        excludes=_OTHERS[2:],
    ),
    Mistake(
        "the most sure mistakes",
        "you ordered the mistakes by how sure the model was of its answer. The loss "
        "asks how little it gave to the true class.",
        "Which of the K probabilities of a sample is in its loss?",
        "What it gets wrong",
        excludes=("the best first",),
    ),
    Mistake(
        "the losses themselves",
        "you returned the losses; the indices are asked for.",
        "With what could one take the pictures out of `x`?",
        excludes=(*_OTHERS, "argsort taken for ranks", "worst last", "the best first"),
    ),
    Mistake(
        "argsort taken for ranks",
        "yours says which rank each sample has, not which sample stands at each rank.",
        "What is `np.argsort([30, 10, 20])[0]`: the rank of 30, or the place of 10?",
        excludes=(*_OTHERS, "worst last", "the best first"),
    ),
)

EXERCISE = Exercise(
    id="05.5",
    title="the worst first",
    statement=STATEMENT,
    stub=STUB,
    function="worst_first",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(by_losses,),
    question="Which of its K probabilities decides the loss of a sample?",
    hints=(
        "One probability for each sample: row n, column `labels[n]`.",
        "`probabilities[np.arange(N), labels]` takes them all at once.",
        "−ln p falls when p rises: the largest loss is the smallest probability.",
    ),
    reread="What it gets wrong",
    minutes=6,
)
