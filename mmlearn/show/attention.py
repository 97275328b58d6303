"""Who reads whom: attention maps as a figure, and a widget to ask them token by token.

As with the other widgets the browser draws (`attention.js`), and Python keeps and
checks the state, answers the same question, and draws the still twin.
"""

import numpy as np
import traitlets

from mmlearn.axes import ShapeError, expect_shape
from mmlearn.show.figure import new
from mmlearn.show.still import StillWidget, source

LARGEST = 40  # tokens: beyond that the words cannot be read


def attention_maps(
    weights, queries=None, keys=None, *, heads=None, title="", alt="", size=None
):
    """One panel for each head: row l is where query l looks, dark where it looks most.

    Args:
        weights: (heads, L, S), or (L, S), from 0 to 1.
        queries: L names of those who ask; None: 0 … L − 1.
        keys: S names of those who are read; None: the queries, where S = L.
        heads: titles of the panels, by default head 1, head 2, ….
        title: the figure's finding.
        alt: in words; a sensible one is made otherwise.
        size: width and height in inches.

    Returns:
        the Figure. Numbers stand in the cells where there are at most 8 × 8.

    Raises:
        ShapeError, ValueError: for weights or names that do not fit.

    >>> attention_maps(np.eye(2), ["to", "be"]).axes[0].get_xlabel()
    'key: who is read'
    """
    where = "attention_maps"
    weights, queries, keys = _checked(where, weights, queries, keys)
    heads = heads or [f"head {h}" for h in range(1, len(weights) + 1)]
    count, L, S = weights.shape
    across = min(count, 2 if S > 8 else 4)
    rows = -(-count // across)
    wide, high = max(3.2, 1.2 + 0.24 * S), max(2.6, 1.2 + 0.22 * L)
    figure, axes = new(
        rows,
        across,
        size=size or (wide * across + 0.8, high * rows),
        title=title,
        alt=alt or _alt(weights, queries, keys, heads),
        sharex=True,
        sharey=True,
    )
    for ax, panel, name in zip(axes.flat, weights, heads, strict=False):
        drawn = draw_map(ax, panel, queries, keys)
        ax.set_title(name)
    for ax in axes.flat[count:]:
        ax.set_axis_off()
    for ax in axes[-1]:
        ax.set_xlabel("key: who is read")
    for ax in axes[:, 0]:
        ax.set_ylabel("query: who asks")
    figure.colorbar(drawn, ax=axes, label="weight $w_{ls}$", pad=0.01)
    return figure


def draw_map(ax, weights, queries, keys):
    """One map (L, S) in given axes, its names at both sides."""
    ax.grid(False)
    drawn = ax.imshow(weights, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    ax.set_xticks(range(len(keys)), keys, rotation=90)
    ax.set_yticks(range(len(queries)), queries)
    if max(weights.shape) <= 8:
        for (l, s), w in np.ndenumerate(weights):
            ink = "white" if w > 0.6 else "black"
            ax.text(s, l, f"{w:.2f}", ha="center", va="center", color=ink, fontsize=9)
    return drawn


class AttentionWidget(StillWidget):
    """Point at a query, and see which keys it reads, with the numbers, head by head.

    Args:
        weights: (heads, L, S), each row adds up to 1, or to 0 where nothing is read.
        queries: L words; None: their numbers.
        keys: S words; None: the queries, where S = L.
        query: who asks, from 0.
        head: 1 … heads, or 0 for the mean over the heads.

    query and head are traits; `looked` is (S,), what is read.

    Raises:
        ShapeError, ValueError: for weights or names that do not fit.
        traitlets.TraitError: for a query or a head that does not exist.

    >>> w = np.array([[[0.9, 0.1], [0.5, 0.5]]])
    >>> AttentionWidget(w, ["to", "be"], query=0, head=1).looked
    array([0.9, 0.1])
    """

    _esm = source("sliders.js", "attention.js")
    _css = source("sliders.css", "attention.css")

    # heads of L rows of S numbers
    weights: traitlets.List = traitlets.List().tag(sync=True)
    query_names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    key_names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    query = traitlets.Int(0, min=0).tag(sync=True)
    head = traitlets.Int(1, min=0).tag(sync=True)

    def __init__(self, weights, queries=None, keys=None, **settings):
        found = _checked("AttentionWidget", weights, queries, keys)
        weights, queries, keys = found
        if max(weights.shape[1:]) > LARGEST:
            raise ShapeError(
                f"AttentionWidget: weights are {weights.shape}; expected at most "
                f"{LARGEST} tokens at either side: choose some"
            )
        lists = weights.astype(float).round(6).tolist()
        names = {"query_names": queries, "key_names": keys}
        super().__init__(weights=lists, **names, **settings)

    @traitlets.validate("query", "head")
    def _known(self, proposal):
        name, value = proposal.trait.name, proposal.value
        top = len(self.query_names) - 1 if name == "query" else len(self.weights)
        if value > top:
            raise traitlets.TraitError(
                f"AttentionWidget: {name} is {value}; expected 0 to {top}"
            )
        return value

    @property
    def looked(self):
        """(S,) the weights of the chosen query, in the chosen head or on average."""
        weights = np.array(self.weights)[:, self.query]  # (heads, S)
        return weights[self.head - 1] if self.head else weights.mean(axis=0)

    def still(self, title=""):
        """The same as a still figure: all heads, all queries."""
        names = self.query_names, self.key_names
        return attention_maps(self.weights, *names, title=title)


def _checked(where, weights, queries, keys):
    """Weights as (heads, L, S), and the names of both sides."""
    weights = np.asarray(weights, float)
    weights = weights[None] if weights.ndim == 2 else weights
    sizes = expect_shape(where, "weights", weights, "heads L S", hint="queries L")
    if not weights.size or not np.isfinite(weights).all():
        raise ValueError(f"{where}: weights are empty or not finite; expected 0 to 1")
    if weights.min() < -1e-6 or weights.max() > 1 + 1e-3:
        raise ValueError(
            f"{where}: weights go from {weights.min():.3g} to {weights.max():.3g}; "
            "expected 0 to 1: the softmax of the scores, not the scores"
        )
    L, S = sizes["L"], sizes["S"]
    queries = [str(q) for q in (range(L) if queries is None else queries)]
    if keys is None:
        keys = queries if S == L else range(S)
    keys = [str(k) for k in keys]
    if (len(queries), len(keys)) != (L, S):
        raise ShapeError(
            f"{where}: {len(queries)} queries and {len(keys)} keys are named, weights "
            f"are {weights.shape}; expected (heads, queries, keys)"
        )
    return weights, queries, keys


def _alt(weights, queries, keys, heads):
    """Of each head where its strongest look goes."""
    told = []
    for panel, name in zip(weights, heads, strict=True):
        l, s = np.unravel_index(panel.argmax(), panel.shape)
        told.append(f"{name}: {queries[l]} reads {keys[s]} with {panel[l, s]:.2f}")
    return (
        f"Maps of {len(queries)} queries by {len(keys)} keys; the strongest look of "
        f"each: {'; '.join(told)}."
    )
