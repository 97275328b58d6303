"""Lesson 02: questions to recall later, and prompts to explain while reading."""

from mmlearn.exercises.exercise import Question

QUESTIONS = (
    Question(
        "02.q1",
        "A network with 10 classes has not been trained yet. What cross-entropy do you "
        "expect, and what does it mean if you see 8?",
        "About ln 10 = 2.30: equal probabilities. A loss of 8 says that it is sure of "
        "wrong answers already: look at the scale of inputs and weights.",
    ),
    Question(
        "02.q2",
        "Why do we subtract the largest logit of a row before the exponential, and why "
        "may we?",
        "So that no exponential overflows. We may, because subtracting one number from "
        "all logits of a row cancels in the quotient.",
    ),
    Question(
        "02.q3",
        "What is the gradient of the mean cross-entropy with respect to the logits?",
        "(p − onehot) / B: the probabilities, less 1 at the true class, divided by the "
        "number of samples. Each row sums to 0.",
    ),
    Question(
        "02.q4",
        "What does a pullback take, and what does it return?",
        "It takes the gradient of the loss with respect to an operator's output, and "
        "returns the gradients with respect to each of its inputs, in their shapes.",
    ),
    Question(
        "02.q5",
        "What are the training, validation and test images for?",
        "Training images set the weights, validation images choose the settings, test "
        "images are looked at once, to report.",
    ),
    Question(
        "02.q6",
        "You tried 100 settings and report the best accuracy on the test images. What "
        "is wrong with the number?",
        "It is too high: the best of many is partly the luckiest. On images that took "
        "no part in the choice it would be lower.",
    ),
    Question(
        "02.q7",
        "An accuracy of 0.96 was measured on 360 images. How far may the true one be, "
        "and what makes the interval half as wide?",
        "About 0.02 to either side (95 %). Four times as many images, for the width "
        "goes with one over the square root of their number.",
    ),
)

PROMPTS = (
    Question(
        "02.e1",
        "Why does a probability of exactly 0 for the true class make the loss "
        "infinite, and why can softmax never give it (on paper)?",
        "The surprise −log 0 is infinite: whoever called a thing impossible cannot be "
        "more wrong. An exponential is positive, so each softmax is above 0. In a "
        "float it can round to 0: hence the loss is computed from logits.",
    ),
    Question(
        "02.e2",
        "Why does the gradient of the kernel sum over the batch, and the gradient of x "
        "does not?",
        "All samples use one kernel, so it gets a message from each, and they add up. "
        "Each row of x belongs to one sample: nobody else uses it. It sums over the "
        "units instead, for each x goes into all of them.",
    ),
    Question(
        "02.e3",
        "Each row of p − onehot sums to 0. What does that mean for the logits?",
        "What the true class gains, the others lose together. Adding one number to all "
        "logits of a row changes nothing, so the loss has no slope in that direction.",
    ),
    Question(
        "02.e4",
        "Which two lines of the derivation are wrong, and what is the right result?",
        "Line 2: the derivative of log Σ exp(z_i) by z_j is exp(z_j) / Σ exp(z_i), the "
        "softmax, not 1 / Σ. Line 4: the mean divides by the number of samples B, not "
        "of classes K. So dL/dz_bj = (p_bj − [j = k_b]) / B.",
    ),
    Question(
        "02.e5",
        "A colleague reports 0.967 ± 0.002 (5 seeds), you 0.961 ± 0.003 (5 seeds), "
        "both on the same 360 test images. Is the first model better?",
        "Nobody can tell from this. The ± says how much a new seed changes. The 360 "
        "images themselves leave about ± 0.02. One would compare both models image by "
        "image, or on more images.",
    ),
    Question(
        "02.e6",
        "The same 13 people wrote the training and the test digits. What do you expect "
        "for a 14th, and how would you split to measure it?",
        "Less: the layer may have learned these hands. Split by writer, so that nobody "
        "is in both parts, and leave one writer out at a time.",
    ),
    Question(
        "02.e7",
        "A colleague looked at the test accuracy after each of 40 epochs and reports "
        "the best epoch. What is wrong, and what could she do?",
        "She chose the best of 40 on the images that she reports: the number flatters. "
        "She could choose the epoch on the validation images, and then look at the "
        "test images once.",
    ),
)
