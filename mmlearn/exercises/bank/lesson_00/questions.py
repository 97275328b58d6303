"""Lesson 00: questions to recall later, and prompts to explain while reading."""

from mmlearn.exercises.exercise import Question

QUESTIONS = (
    Question(
        "00.q1",
        "You have 4 predictions of shape `(4, 1)` and 4 targets of shape `(4,)`. What "
        "shape has their difference, and why is that a bug?",
        "`(4, 4)`: lined up from the right, the targets lie along the columns, so that "
        "every prediction meets every target. No error is raised; the mean is wrong.",
    ),
    Question(
        "00.q2",
        "When do two sizes fit each other in broadcasting, and from which side are "
        "shapes lined up?",
        "From the right. Two sizes fit when they are equal, or when one of them is 1 "
        "or missing; that one is repeated.",
    ),
    Question(
        "00.q3",
        'In `einsum("bij,bjk->bik", x, y)`: which letter is summed, and how do you see '
        "it?",
        "j. It stands on the left of the arrow and not on the right.",
    ),
    Question(
        "00.q4",
        "`counts[ids] += 1` with `ids = [2, 2, 2]`: what does `counts[2]` become, "
        "starting from 0, and what is the cure?",
        "1. All three read the old 0, and write 1. `np.add.at(counts, ids, 1)` adds "
        "three times.",
    ),
    Question(
        "00.q5",
        "What is a pullback given, and what does it return?",
        "It is given dy, the gradient of the loss with respect to the output. It "
        "returns one gradient for each input, of that input's shape.",
    ),
    Question(
        "00.q6",
        "Three functions made in a loop by `lambda x: k * x` all use the last k. Why?",
        "A closure keeps the name k, not its value at that time; when the functions "
        "are called, the loop is over and k is what it was last.",
    ),
    Question(
        "00.q7",
        "What do the axes of a video of shape `(T, H, W, C)` mean?",
        "Time (frames), height (rows from the top), width (columns from the left), and "
        "channels (red, green, blue).",
    ),
)

PROMPTS = (
    Question(
        "00.e1",
        "In the clip the frames hold 72 times as many numbers as the sound. Does the "
        "picture tell 72 times as much?",
        "No. Neighbouring pixels and neighbouring frames are almost alike, so most "
        "numbers tell little that is new. The captions are far fewer numbers, and they "
        "tell the whole story. How much a modality tells, and what it adds to the "
        "others, is what a large part of this course is about.",
    ),
    Question(
        "00.e2",
        "The subtraction of `(4, 1)` and `(4,)` gave no error. Why is that so "
        "dangerous in training, and which one line would have found it?",
        "The loss is a number, it even falls, and the model learns to say the mean. "
        "`assert prediction.shape == target.shape` before the subtraction finds it.",
    ),
    Question(
        "00.e3",
        "`a` was used once for each sample, going forward. Why are its messages added, "
        "coming back?",
        "If `a` grows a little, every y changes, and the loss changes by the sum of "
        "all those changes. What is repeated going forward is added up coming back.",
    ),
    Question(
        "00.e4",
        "Which line of the repair has the mistake, and what should it be?",
        "The second: `image.mean(axis=(1, 2))` of `(H, W, C)` averages over columns "
        "and channels, and keeps the rows. Right is `axis=(0, 1)`, or "
        '`einsum("hwc->c", image) / (H * W)`, where the letters say what is kept. With '
        "H = W = 3 even the shape would not have told.",
    ),
)
