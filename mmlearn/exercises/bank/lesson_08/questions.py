"""Lesson 08: questions to recall later, and prompts to explain while reading."""

from mmlearn.exercises.exercise import Question

QUESTIONS = (
    Question(
        "08.q1",
        "What is the derivative of an LSTM's cell c_t by the cell before, with the "
        "gates held fixed, and why does that help over 50 steps?",
        "It is the forget gate f_t: a number between 0 and 1 for each unit, and no "
        "matrix. Where the gates stay near 1, so does the product of 50 of them.",
    ),
    Question(
        "08.q2",
        "How many numbers does an LSTM with F = 3 inputs and U = 5 units learn, and "
        "how many of them if it were a simple recurrent layer?",
        "Four times (3·5 + 5·5 + 5) = 180; the simple layer has 45. Each of the three "
        "gates and the candidate has its own weights.",
    ),
    Question(
        "08.q3",
        "Why do LSTMs begin with a bias of 1 on the forget gate?",
        "With a bias of 0 the gate stands at 0.5, so half of the memory is lost in "
        "every step. A bias of 1 gives 0.73: the network begins by remembering, and "
        "has a gradient to learn from. Over 40 steps 0.73 is too little, too: for "
        "long memories 3 or more.",
    ),
    Question(
        "08.q4",
        "Two papers write a GRU with z and with 1 − z exchanged. Which is Keras' "
        "convention, and how would you find out in a minute?",
        "In Keras z keeps: h = z h + (1 − z) g. Give the update gate a large bias: if "
        "the state then stays as it was, z keeps.",
    ),
    Question(
        "08.q5",
        "What does reset_after=True change in a GRU, and where does the second row of "
        "biases come from?",
        "The reset gate acts after the product with the recurrent kernel, not before. "
        "The product then has a bias of its own, inside what the gate multiplies.",
    ),
    Question(
        "08.q6",
        "A model knows 100 % of spoken digits in a random split and 60 % of those of a "
        "new speaker. What did the random split measure?",
        "How well it knows these speakers' other recordings. Every test recording had "
        "near copies, by the same voice, in the training set.",
    ),
    Question(
        "08.q7",
        "What are the axes and the unit of a log-mel spectrogram, and what has been "
        "thrown away on the way from the waveform?",
        "Time frames, mel bands, and level in dB. The phase is gone, and fine "
        "differences between neighbouring frequencies within one band.",
    ),
    Question(
        "08.q8",
        "An LSTM skips the steps that a mask marks as padding. Which states must be "
        "carried over, and what happens if only the inputs are set to zero?",
        "Both, h and c. With zero inputs the gates still open as their biases and h "
        "say: the cell leaks in every padded step.",
    ),
)

PROMPTS = (
    Question(
        "08.e1",
        "A sigmoid never reaches 1. So the product of 50 forget gates does get small. "
        "What, then, is better than in a simple recurrent layer?",
        "How small it gets is up to the network, for each unit and each step. A sum of "
        "5 inside the sigmoid gives 0.9933, and 0.9933 to the power of 50 is 0.71. In "
        "a simple layer the factor is a matrix times the slope of tanh, the same "
        "matrix for all that must be kept and all that must be forgotten.",
    ),
    Question(
        "08.e2",
        "In the derivation, which derivatives are total, which partial? And which "
        "paths from one cell to the next does the factor f leave out?",
        "gamma = dL/dc is total: all later steps are in it. The factor f is partial: "
        "gates and candidate are held fixed. Left out are the ways around: the cell is "
        "shown as h, and h moves the next step's gates and candidate. They are in "
        "gamma too, by way of delta.",
    ),
    Question(
        "08.e3",
        "Repair the derivation: a colleague writes `dc_t/dc_{t−1} = f_t` for the total "
        "derivative and concludes that an LSTM's gradient can never explode. Where is "
        "the mistake?",
        "f is the partial derivative, with the gates held fixed. In total the cell "
        "also acts through h and the recurrent kernel. Along that path matrices are "
        "multiplied as in a simple layer, and their product can explode: LSTMs are "
        "clipped, too.",
    ),
    Question(
        "08.e4",
        "Repair the code: someone moves a GRU's weights to another library, where "
        "h = (1 − z) h + z g. Shapes fit, the accuracy is at chance. What must be "
        "changed in the weights, and what need not?",
        "1 − σ(a) = σ(−a): change the sign of everything that makes z, its columns of "
        "kernel, recurrent kernel and bias. r and the candidate stay. And look whether "
        "the blocks stand in the same order there.",
    ),
    Question(
        "08.e5",
        "A hospital has 10 recordings of each of 200 patients and wants to tell ill "
        "from healthy. How do you split, and how many independent test cases are there "
        "if 40 patients are tested?",
        "By patient: all recordings of a patient in one part. There are 40 "
        "independent cases, not 400: the interval must be computed from 40, or by "
        "drawing patients, not recordings.",
    ),
    Question(
        "08.e6",
        "You have two recordings of the same digit, one at twice the speed. What "
        "should a perfect forget gate do differently in the two?",
        "With f in the slow one, f² in the fast one: a step there is two slow steps in "
        "one. So the same part of the word is kept. A fixed f means a fixed time in "
        "frames; only a gate that depends on the input can follow the speed.",
    ),
)
