"""Lesson 18: questions to recall later, and prompts to explain while reading."""

from mmlearn.exercises.exercise import Question

QUESTIONS = (
    Question(
        "18.q1",
        "A model takes the mean over the frames of a film. Which questions about the "
        "film can it not answer, and how can you prove it without training?",
        "All whose answer changes when the film runs backward: the same frames, so the "
        "same mean, so the same answer. Of a film and its reverse it gets one wrong.",
    ),
    Question(
        "18.q2",
        "A wheel makes a sixth of a turn a frame. A sampler takes every fifth frame. "
        "What does a model see, and what is it called?",
        "Five sixths of a turn, which looks like one sixth backward: aliasing, as with "
        "tones in lesson 01. Above half a turn a step the direction is lost.",
    ),
    Question(
        "18.q3",
        "What is a 3-D convolution, in terms of 2-D ones, and how far in time can two "
        "of them with three taps each see?",
        "A sum of 2-D convolutions, one for each frame of the kernel. Five frames: "
        "1 + 2 + 2. A mean over time after them forgets the order of anything farther "
        "apart.",
    ),
    Question(
        "18.q4",
        "What is a (2+1)-D convolution, and how many maps stand in the middle?",
        "First a kernel in space, then one in time, with a ReLU between. So many, "
        "M = ⌊t d² C U / (d² C + t U)⌋, that both together have as many weights as the "
        "3-D kernel.",
    ),
    Question(
        "18.q5",
        "`validation_split=0.2` in Keras, and a file sorted by class: what happens, "
        "and what are the symptoms?",
        "Keras keeps back the last fifth of the rows, before it shuffles: classes that "
        "training never sees. Validation accuracy is 0 from the first epoch on, while "
        "training goes well. Split class by class, or by person, first.",
    ),
    Question(
        "18.q6",
        "A model needs 10 ms a frame on average, and a frame comes every 40 ms. Why is "
        "that not enough to promise an answer within 40 ms?",
        "Answers differ: one frame of 200 ms makes the next ones wait in a queue. "
        "Promise by a high quantile or the worst latency, measured with the queue, "
        "decoding included.",
    ),
    Question(
        "18.q7",
        "Uniform, random, dense: which frames does each sampler take, and what does "
        "each miss?",
        "Uniform: the middle of n equal segments; may miss what is shorter than "
        "a segment, and aliases. Random: one drawn from each segment; the same on "
        "average, another view each epoch. Dense: n in a row; sees fast motion, misses "
        "the rest of the film.",
    ),
    Question(
        "18.q8",
        "Why does a GRU over frames suit a camera better than a 3-D convolution over a "
        "window of 16 frames that is moved on by one frame each time?",
        "The GRU keeps a state and looks at each frame once. The window looks at each "
        "frame 16 times, unless maps of old frames are kept.",
    ),
)

PROMPTS = (
    Question(
        "18.e1",
        "A frame average is right in half of the clips on which way the shape goes. "
        "Prove that on a test set that holds each clip and its reverse it is right in "
        "exactly half, whatever its weights.",
        "Both have the same frames, so it gives both the same answer, right or left. "
        "Their labels differ, so it is right for exactly one of the two. No training "
        "was mentioned.",
    ),
    Question(
        "18.e2",
        "Two 3×3×3 convolutions and a mean over time know which way the shape goes, "
        "but not which lamp was first. Why, and what would you change?",
        "A unit of the last map sees five frames; the lamps are six apart. So each "
        "window holds at most one lamp, and the mean forgets which window came first. "
        "Farther reach: another layer, strides or dilation in time, or a GRU or "
        "attention over the maps instead of the mean.",
    ),
    Question(
        "18.e3",
        "Repair this argument. 1. Attention reads all frames at once. 2. So it has "
        "seen frame 4 and frame 10. 3. So it knows that the lamp of frame 4 lit up "
        "first.",
        "Line 3. Without positions attention sees a set: frames exchanged, the same "
        "outputs exchanged, the same mean. It must be told each frame's number.",
    ),
    Question(
        "18.e4",
        "A colleague trains on every fifth frame and tests on every frame: the model "
        "mistakes left for right. He concludes that it has learned nothing. What do "
        "you say?",
        "It has learned the direction of its samples, in which a step of five sixths "
        "of a turn looks like one sixth backward. Its rule is right at its rate, and "
        "wrong at another. The rate of sampling is a part of the model.",
    ),
    Question(
        "18.e5",
        "Which of the five models would you put behind a door camera that must tell "
        "coming in from going out, within 40 ms a frame, for years? Which two figures "
        "would you measure before you promise it?",
        "One that knows order and carries a state, such as the GRU: each frame is "
        "looked at once, memory stays flat. Measure a high quantile of the latency "
        "from frame to answer on the machine itself, decoding and queue included; and "
        "accuracy on days, people and cameras that training has not seen.",
    ),
    Question(
        "18.e6",
        "On UCF101 a logistic regression on the mean of the frames' features is about "
        "as good as a GRU over them. Does that mean that order does not matter in "
        "video? Design a test that tells.",
        "It means that these eight classes can be told by what is in the picture: a "
        "balance beam, a ball, a bicycle. Test: shuffle the frames of the test films, "
        "or play them backward. Where the accuracy stays, the model does not use "
        "order; where no model gets better with it, the labels do not need it.",
    ),
    Question(
        "18.e7",
        "`pictures = x.reshape(-1, H, W, C)` folds (B, T, …) into a batch. Then "
        "`h.reshape(T, B, F).transpose(1, 0, 2)`. Which frames does clip 0 get, and "
        "what is the repair?",
        "Rows lie clip by clip: b T + t. Read as (T, B) they are taken for frame by "
        "frame, so clip 0 gets rows 0, B, 2 B, …: frames of other clips. "
        "`h.reshape(B, T, F)`, and no transpose. Shapes are right either way: check "
        "one frame by its numbers.",
    ),
)
