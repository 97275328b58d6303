"""What is written: a caption, from the text's copies of the script."""

import numpy as np

from mmlearn.datasets.storyboard.script import DIGITS, SHAPES

MUMBLED = "hm"
_FEELING = ("grim", "dull", "nice", "lovely")
_DOING = ("slides", "bounces", "shakes", "spins", "pulses", "blinks")
_SENTENCES = (
    "a {word} {digit} {motion} and heads for the {target}",
    "this {word} {digit} {motion} towards the {target}",
    "towards the {target} {motion} a {word} {digit}",
)
# Other words for the same, which shift brings; none of them is usual in the world.
_OTHER = (
    *("horrible", "boring", "pleasant", "wonderful"),
    *("glides", "hops", "trembles", "turns", "swells", "flashes"),
    *("disc", "box", "wedge"),
    *("nought", "single", "pair", "trio", "quartet"),
    *("quintet", "sextet", "septet", "octet", "nonet"),
)
SYNONYMS = dict(zip((*_FEELING, *_DOING, *SHAPES, *DIGITS), _OTHER, strict=True))
VOCABULARY = tuple(
    sorted(
        {MUMBLED, *DIGITS, *SHAPES, *_FEELING, *_DOING}
        | {w for s in _SENTENCES for w in s.split() if "{" not in w}
    )
)


def captions(script, dials, rng):
    """Write the captions of some clips.

    Args:
        script: `Script` of B clips. dials: `Dials`. rng: a NumPy generator.

    Returns:
        list of B texts, in lower case, without signs.
    """
    told = script.copies["text"]
    form = rng.integers(len(_SENTENCES), size=len(script))
    words = zip(
        told["word"], told["digit"], told["motion"], told["target"], strict=True
    )
    return [
        _spoken(
            _SENTENCES[which].format(
                word=_FEELING[word],
                digit=DIGITS[digit],
                motion=_DOING[motion],
                target=SHAPES[target],
            ),
            dials,
            rng,
        )
        for which, (word, digit, motion, target) in zip(form, words, strict=True)
    ]


def without_target(caption):
    """The caption before the digit has turned: where it heads is left open."""
    hidden = {*SHAPES, *(SYNONYMS[shape] for shape in SHAPES)}
    return " ".join(MUMBLED if w in hidden else w for w in caption.split())


def _spoken(sentence, dials, rng):
    """The words after shift and mumbling."""
    found = sentence.split()
    other, lost = rng.random((2, len(found)))
    found = [
        SYNONYMS.get(word, word) if u < dials.shift else word
        for word, u in zip(found, other, strict=True)
    ]
    lost = lost < dials.static["text"]
    return " ".join(np.where(lost, MUMBLED, found).tolist())
