"""What modalities tell: bits and accuracy of small worlds, guesses of experts."""

import numpy as np

from mmlearn.show.figure import NEGATIVE, POSITIVE, new

_HATCHES = {"redundancy": "", "unique": "//", "synergy": ".."}


def information_worlds(parts, accuracies, *, title="", alt=""):
    """Bars: where the bits of each world are, and what fusing gains in accuracy.

    Args:
        parts: dict, world to anything with `.redundancy`, `.unique` (2,), `.synergy`,
            as `evaluate.information_parts` returns it.
        accuracies: dict, world to (first alone, second alone, both, gain).
        title, alt: as for every figure.

    Returns:
        the Figure.
    """
    sizes = {
        part: np.array([np.sum(getattr(found, part)) for found in parts.values()])
        for part in _HATCHES
    }
    told = "; ".join(
        f"{name} {', '.join(f'{sizes[part][k]:.2f} {part}' for part in sizes)}, gain "
        f"{accuracies[name][3]:.2f}"
        for k, name in enumerate(parts)
    )
    figure, axes = new(
        1, 2, size=(12, 3.8), title=title, alt=alt or f"Bits and gain: {told}."
    )
    bits, worth = axes[0]
    bottom = np.zeros(len(parts))
    for part, hatch in _HATCHES.items():
        bits.bar(
            list(parts),
            sizes[part],
            bottom=bottom,
            hatch=hatch,
            edgecolor="white",
            label=part,
        )
        bottom += sizes[part]
    bits.set(ylabel="bits of the label", title="where the bits are")
    bits.legend()
    for k, name in enumerate(parts):
        first, second, both, gain = accuracies[name]
        heights = [max(first, second), both]
        worth.bar([k - 0.2, k + 0.2], heights, 0.38, color=[NEGATIVE, POSITIVE])
        worth.text(k, 1.03, f"+{gain:.2f}", ha="center")
    worth.set(ylabel="best possible accuracy", ylim=(0, 1.15))
    worth.set_title("the better one alone (left), both (right), the gain")
    worth.set_xticks(range(len(parts)), list(parts))
    return figure


def expert_guesses(image, sound, guesses, *, title="", alt=""):
    """One picture, its sound, and how likely each expert finds every class.

    Args:
        image: (H, W). sound: (T, F), frames and bands.
        guesses: dict, who says it to (K,) probabilities.
        title, alt: as for every figure.

    Returns:
        the Figure.
    """
    told = "; ".join(
        f"{name} {np.argmax(p)} ({np.max(p):.2f})" for name, p in guesses.items()
    )
    figure, axes = new(
        1,
        2 + len(guesses),
        size=(4.4 + 3 * len(guesses), 2.8),
        title=title,
        alt=alt or f"A picture, a spectrogram, and bars: {told}.",
    )
    seen, heard, *others = axes[0]
    seen.imshow(image, cmap="gray")
    seen.set(title="image", xlabel="column (px)", ylabel="row (px)")
    heard.imshow(np.transpose(sound), origin="lower", aspect="auto", cmap="viridis")
    heard.set(title="sound", xlabel="frame", ylabel="band")
    for ax, (name, p) in zip(others, guesses.items(), strict=True):
        ax.bar(range(len(p)), p)
        ax.set(title=f"{name} {np.argmax(p)}", xlabel="class", xticks=range(len(p)))
        ax.set_ylim(0, 1)
    others[0].set_ylabel("probability")
    for ax in (seen, heard):
        ax.grid(False)
    return figure
