"""10.3: split into heads, look in each, and join again."""

import numpy as np

from mmlearn.exercises.exercise import Case, Exercise, Mistake

STATEMENT = """\
Several heads beside each other. `query` is `(B, L, heads·D)`, `value` `(B, S, heads·U)`
and `key` `(B, S, heads·D)`: the first D columns are the first head's, the next D the
second's, and so on (U columns each in `value`). In each head alone: attention with
scale $1/\\sqrt D$, without a mask. Then the heads' answers beside each other, in order:
`(B, L, heads·U)`.
"""

STUB = '''\
def look_in_heads(query, value, key, heads):
    """(B, L, heads·D), (B, S, heads·U), (B, S, heads·D), int -> (B, L, heads·U)"""
    raise NotImplementedError
'''


def solution(query, value, key, heads):
    """Cut the last axis first, then move the heads to the front."""

    def split(x):  # (B, L, heads·D) -> (B, L, heads, D) -> (B, heads, L, D)
        B, L, width = x.shape
        return x.reshape(B, L, heads, width // heads).transpose(0, 2, 1, 3)

    q, v, k = split(query), split(value), split(key)
    a = q @ k.swapaxes(2, 3) / np.sqrt(q.shape[3])  # (B, heads, L, S)
    e = np.exp(a - a.max(axis=3, keepdims=True))
    y = e / e.sum(axis=3, keepdims=True) @ v  # (B, heads, L, U)
    return y.transpose(0, 2, 1, 3).reshape(*query.shape[:2], -1)


def attempt(query, value, key, heads, *, wrong=frozenset()):
    """The heads with a student's mistakes in them."""

    def split(x):
        B, L, width = x.shape
        if "cut across the tokens" in wrong:
            return x.reshape(B, heads, L, width // heads)
        if "columns dealt round" in wrong:
            return x.reshape(B, L, width // heads, heads).transpose(0, 3, 1, 2)
        return x.reshape(B, L, heads, width // heads).transpose(0, 2, 1, 3)

    q, v, k = split(query), split(value), split(key)
    a = q @ k.swapaxes(2, 3)
    if "one map for all" in wrong:
        a = np.broadcast_to(a.sum(axis=1, keepdims=True), a.shape)
    wide = query.shape[2] if "scaled for all columns" in wrong else q.shape[3]
    a = a if "not scaled" in wrong else a / np.sqrt(wide)
    axis = 1 if "softmax over the heads" in wrong else 3
    e = np.exp(a - a.max(axis=axis, keepdims=True))
    y = e / e.sum(axis=axis, keepdims=True) @ v
    if "joined across the tokens" not in wrong:
        y = y.transpose(0, 2, 1, 3)
    return y.reshape(*query.shape[:2], -1)


def _case(rng, B, L, S, heads, D, U):
    def some(*shape):
        return rng.integers(1, 5, shape) / 2 * rng.choice([-1.0, 1.0], shape)

    parts = some(B, L, heads * D), some(B, S, heads * U), some(B, S, heads * D)
    return Case((*parts, heads))


def draw(rng):
    L, S = (int(n) for n in rng.choice([2, 3, 4, 5], 2, replace=False))
    heads, D, U = (int(n) for n in rng.permutation([2, 3, 4]))
    return _case(rng, 2, L, S, heads, D, U)


def corners(rng):
    """Two heads of two columns; three heads, several recordings."""
    return [_case(rng, 1, 2, 3, 2, 2, 2), _case(rng, 2, 4, 3, 3, 2, 3)]


CUTS = ("cut across the tokens", "columns dealt round")

MISTAKES = (
    Mistake(
        CUTS[0],
        "you reshaped to (B, heads, L, D) at once. A head then holds some tokens "
        "whole, instead of a part of every token.",
        "After the reshape, which numbers of the input stand in head 0?",
        excludes=CUTS,
    ),
    Mistake(
        CUTS[1],
        "your head h took every heads-th column. The columns of a head stand side "
        "by side.",
        "With 2 heads of 3 columns, which columns belong to head 0?",
        excludes=CUTS,
    ),
    Mistake(
        "joined across the tokens",
        "you reshaped (B, heads, L, U) without moving the heads behind the tokens.",
        "Which axis must stand last but one before two axes become one?",
    ),
    Mistake(
        "scaled for all columns",
        "your scale is that of one head with heads·D columns.",
        "How many products are summed in one score?",
        excludes=("not scaled",),
    ),
    Mistake(
        "not scaled",
        "your scores are not divided by the root of D.",
        "How large is a dot product of D numbers?",
    ),
    Mistake(
        "softmax over the heads",
        "your weights add up to 1 over the heads: the heads compete for a token.",
        "Over which axis did the softmax run in 10.1?",
    ),
    Mistake(
        "one map for all",
        "you added the heads' scores: all heads look at the same tokens.",
        "How many maps (L, S) should there be for one sequence?",
        excludes=("softmax over the heads", *CUTS),
    ),
)


def head_by_head(query, value, key, heads):
    """Slices and a loop; the answers side by side."""
    D, U = query.shape[2] // heads, value.shape[2] // heads
    found = []
    for h in range(heads):
        mine, theirs = slice(h * D, (h + 1) * D), slice(h * U, (h + 1) * U)
        a = np.einsum("bld,bsd->bls", query[..., mine], key[..., mine]) * D**-0.5
        w = np.exp(a)
        w /= w.sum(axis=2, keepdims=True)
        found.append(w @ value[..., theirs])
    return np.concatenate(found, axis=2)


def by_einsum(query, value, key, heads):
    """No transpose at all: letters say it."""
    q, v, k = (x.reshape(*x.shape[:2], heads, -1) for x in (query, value, key))
    w = np.exp(np.einsum("blhd,bshd->bhls", q, k) / q.shape[3] ** 0.5)
    w = w / w.sum(axis=3, keepdims=True)
    y = np.einsum("bhls,bshu->blhu", w, v)
    return y.reshape(*y.shape[:2], -1)


EXERCISE = Exercise(
    id="10.3",
    title="heads",
    statement=STATEMENT,
    stub=STUB,
    function="look_in_heads",
    solution=solution,
    draw=draw,
    corners=corners,
    attempt=attempt,
    mistakes=MISTAKES,
    variants=(head_by_head, by_einsum),
    question="Change one number of one token: in which head may the answer change, "
    "and in which columns of y?",
    hints=(
        "Cut the last axis in two: reshape(B, L, heads, D). Only then move axes.",
        "transpose(0, 2, 1, 3) makes (B, heads, L, D); @ then works head by head.",
        "At the end the same transpose once more, then reshape to (B, L, heads·U).",
    ),
    reread="Several looks at once",
    minutes=8,
    points=3,
)
