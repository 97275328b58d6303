"""Text as a network gets it: a block of numbers, and what it thinks word by word."""

import numpy as np

from mmlearn.axes import ShapeError, expect_shape
from mmlearn.show.figure import new

READ = "read so far, up to and with this word"
PLANE = (9, 6)  # inches
LETTER, LINE = 0.085, 0.17  # inches that a letter and a line of 9 points take


def token_grid(words, ids, *, title="", alt=""):
    """A batch of sentences as the block of numbers they become, padding crossed out.

    Args:
        words: B lists of str, what stands at each place; shorter ones are padded.
        ids: (B, L) integers.
        title: the figure's finding.
        alt: in words; a sensible one is made otherwise.

    Returns:
        the Figure: in each cell the word, below it its number.

    Raises:
        ShapeError: where there is not one list for each row, or a list is too long.

    >>> figure = token_grid([["a", "b"], ["c"]], [[2, 3], [4, 0]])
    >>> "1 of 4 cells is padding" in figure.alt
    True
    """
    ids = np.asarray(ids)
    B, L = expect_shape("token_grid", "ids", ids, "B L").values()
    longest = max((len(row) for row in words), default=0)
    if len(words) != B or longest > L:
        raise ShapeError(
            f"token_grid: {len(words)} lists of at most {longest} words; expected {B} "
            f"of at most {L}, as ids is {ids.shape}"
        )
    empty = B * L - sum(len(row) for row in words)
    alt = alt or (
        f"{B} sentences as a block of {B} times {L} numbers; {empty} of {B * L} cells "
        f"{'is' if empty == 1 else 'are'} padding."
    )
    size = (min(12.0, 1.0 * L + 1.0), 0.62 * B + 1.2)
    figure, axes = new(size=size, title=title, alt=alt)
    ax = axes[0, 0]
    for b in range(B):
        for place in range(L):
            _cell(ax, b, place, words[b], ids[b, place])
    ax.set(xlim=(0, L), ylim=(B, 0), xlabel="place $l$", ylabel="sentence $b$")
    ax.set_xticks(np.arange(L) + 0.5, np.arange(L))
    ax.set_yticks(np.arange(B) + 0.5, np.arange(B))
    ax.tick_params(length=0)
    ax.grid(False)
    return figure


def _cell(ax, b, place, row, number):
    from matplotlib.patches import Rectangle

    here = place < len(row)
    face = "white" if here else "#eeeeee"
    unknown = here and number == 1
    face = "#fdebd3" if unknown else face
    hatch = None if here else "//"
    line = "#9a9a9a" if here else "#cccccc"  # hatching has the colour of the edge
    box = Rectangle((place, b), 1, 1, facecolor=face, edgecolor=line, hatch=hatch)
    ax.add_patch(box)
    middle = {"ha": "center", "va": "center"}
    if here:
        ax.text(place + 0.5, b + 0.32, row[place][:12], fontsize=9, **middle)
    ax.text(place + 0.5, b + 0.74, str(number), fontsize=8, color=".35", **middle)


def word_by_word(words, values, *, label, title="", alt="", limits=None, xlabel=READ):
    """What a network thinks after each word of a sentence.

    Args:
        words: list of L str, along the axis.
        values: dict, name -> (L,) numbers, a line each.
        label: what the numbers are, with their unit.
        title: the figure's finding.
        alt: in words; by default where every line ends.
        limits: (low, high) of the numbers' axis.
        xlabel: what the network had read at each word.

    Returns:
        the Figure, with a line at 0.

    Raises:
        ShapeError: where there is not one number for each word.
    """
    for name, line in values.items():
        expect_shape("word_by_word", name, np.asarray(line), f"{len(words)}")
    ends = ", ".join(f"{name} at {line[-1]:.2g}" for name, line in values.items())
    width = max(6.0, 0.75 * len(words) + 2.0)
    alt = alt or f"{label} after each of {len(words)} words; in the end {ends}."
    figure, axes = new(size=(min(12.0, width), 3.4), title=title, alt=alt)
    ax = axes[0, 0]
    ax.axhline(0, color=".4", linewidth=1)
    marks = "os^vD*"
    for n, (name, line) in enumerate(values.items()):
        ax.plot(line, marker=marks[n % len(marks)], label=name)
    ax.set_xticks(range(len(words)), words, rotation=35, ha="right")
    ax.set(xlabel=xlabel, ylabel=label)
    if limits is not None:
        ax.set_ylim(*limits)
    if len(values) > 1:
        ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return figure


def word_plane(words, vectors, kinds, *, title="", alt=""):
    """Words where their vectors lie, on the two directions of most variance.

    A name that would lie on one already written is left out; its mark stays.

    Args:
        words: N str.
        vectors: (N, F) numbers.
        kinds: N str, what each word is: a mark and a colour for each kind.
        title: the figure's finding.
        alt: in words; a sensible one is made otherwise.

    Returns:
        the Figure; its axis is told how much of the variance it shows.

    Raises:
        ShapeError: where there is not one word and one kind for each vector.
    """
    vectors = np.asarray(vectors, float)
    hint = "one vector and one kind for each word"
    expect_shape("word_plane", "vectors", vectors, f"{len(words)} F", hint=hint)
    expect_shape("word_plane", "kinds", np.asarray(kinds), f"{len(words)}", hint=hint)
    u, s, _ = np.linalg.svd(vectors - vectors.mean(axis=0), full_matrices=False)
    places, share = (u * s)[:, :2], s**2 / max((s**2).sum(), 1e-300)
    names = list(dict.fromkeys(kinds))
    alt = alt or (
        f"{len(words)} words of {len(names)} kinds ({', '.join(names)}) on the plane "
        f"that shows {share[:2].sum():.0%} of their vectors' variance."
    )
    figure, axes = new(size=PLANE, title=title, alt=alt)
    ax = axes[0, 0]
    for n, name in enumerate(names):
        some = [k for k, kind in enumerate(kinds) if kind == name]
        ax.plot(*places[some].T, "os^vD*"[n % 6], label=name)
    at = {"xytext": (4, 3), "textcoords": "offset points", "fontsize": 9}
    for k in _apart(words, places):
        ax.annotate(words[k], places[k], **at)
    ax.set_xlabel(f"component 1 ({share[0]:.0%} of the variance)")
    ax.set_ylabel(f"component 2 ({share[1]:.0%})")
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return figure


def _apart(words, places):
    """Which words can be written beside their places, none on another."""
    axes = np.array(PLANE) * (0.7, 0.75)  # inches
    widths = np.maximum(np.ptp(places, axis=0), 1e-300)
    inches = (places - places.min(axis=0)) / widths * axes
    written: list[int] = []
    for k, (x, y) in enumerate(inches):
        if all(
            abs(y - inches[n][1]) > LINE
            or x > inches[n][0] + LETTER * len(words[n])
            or inches[n][0] > x + LETTER * len(words[k])
            for n in written
        ):
            written.append(k)
    return written
