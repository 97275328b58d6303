"""Lesson 01: questions to recall later, and prompts to explain while reading."""

from mmlearn.exercises.exercise import Question

QUESTIONS = (
    Question(
        "01.q1",
        "A tone of 5,000 Hz is sampled 8,000 times a second. Which tone is heard?",
        "3,000 Hz: the distance from 5,000 to the nearest multiple of 8,000. The "
        "samples of both tones are the same numbers.",
    ),
    Question(
        "01.q2",
        "Which shape has one minute of grey video, 10 frames a second, 48 rows and 64 "
        "columns? Name the axes.",
        "(600, 48, 64, 1): time, height, width, channel.",
    ),
    Question(
        "01.q3",
        "256 samples at 8,000 Hz go through a DFT. How far apart are the frequencies, "
        "and what does a window of 1,024 samples change?",
        "8,000 / 256 = 31.25 Hz. With four times as many samples they are four times "
        "closer, 7.8 Hz, but all of them are smeared over four times as much time.",
    ),
    Question(
        "01.q4",
        "Why does a batch of sounds need a mask, when the padding is only zeros?",
        "Zeros are values too: a mean, a maximum or a last step over padded places is "
        "wrong, and recorded silence is also 0. Only the mask tells them apart.",
    ),
    Question(
        "01.q5",
        "From which samples do you take the mean that standardizes your test set, and "
        "why?",
        "From the training samples. In use there is no test set to take a mean of, and "
        "any number that saw the test set makes the test too kind.",
    ),
    Question(
        "01.q6",
        "You pick the 20 best of 5,000 features on all data, then split, train and "
        "test. The labels are coin tosses. What accuracy do you see?",
        "Far above one half: the features were picked because they agree with the test "
        "labels too. Picked inside the training set they give one half.",
    ),
    Question(
        "01.q7",
        "The same people speak in your training and in your test set. What does the "
        "test accuracy tell you?",
        "How well the model knows these voices, not how well it hears strangers. Leave "
        "whole speakers out to measure that.",
    ),
)

PROMPTS = (
    Question(
        "01.e1",
        "Why can no program, however clever, tell from the samples which of the two "
        "tones it was?",
        "Because the samples are the same numbers. Between two samples the faster "
        "tone makes a whole turn more (or turns the other way), and nobody looked in "
        "between. Only knowing beforehand that the fast tone was not there helps: "
        "hence the filter before the sampling.",
    ),
    Question(
        "01.e2",
        "A cosine of 2 turns gave 8 at k = 2 and 8 at k = 6. Who is the tone at 6? And "
        "why has the cosine of 4 turns, half as high, an 8 as well?",
        "Its mirror image. Six turns in eight samples are two turns backwards: the "
        "factors for k = 6 and k = −2 are the same numbers. Real samples always have "
        "both, so one half of the spectrum says it all: k = 0 to N / 2. A cosine of "
        "height a is shared between the two: a N / 2 for each, here 2 · 8 / 2 = 8. "
        "The tone of 4 turns is its own mirror image, and keeps all: a N = 1 · 8.",
    ),
    Question(
        "01.e3",
        "Why can a window not be short in time and narrow in frequency at once?",
        "Two tones that differ by d Hz need about 1/d seconds to get one turn apart. "
        "In a shorter window they look the same. The DFT says so too: its frequencies "
        "are rate / N apart, and N samples last N / rate seconds.",
    ),
    Question(
        "01.e4",
        "The classifier was trained on the training half only, and no test patient was "
        "used for its means. Where did the test labels get in?",
        "In the choice. Among 5,000 columns of noise some agree with all the labels by "
        "luck, the test labels included. Keeping just those carries the luck into the "
        "test. Every step that looks at labels or values belongs behind the split.",
    ),
    Question(
        "01.e5",
        "Which two lines are wrong, and what should be done?",
        "Line 2: 7,000 is 1,000 from the nearest multiple of 8,000, so it appears at "
        "1,000 Hz, not at 3,000. Line 3: it is too late. In the file it is a tone of "
        "1,000 Hz like any other, and speech lives there too. The filter must come "
        "before the sampling.",
    ),
    Question(
        "01.e6",
        "A wheel with five spokes seems to turn backwards in a film of 24 frames a "
        "second. Explain it with the formula of this lesson.",
        "A frame is a sample in time. With five equal spokes the picture repeats five "
        "times a turn; if that happens 23 times a second, it is 1 below the nearest "
        "multiple of 24 and looks like one step a second. Without its absolute value "
        "the formula gives 23 − 24 = −1: the sign says backwards. More frames a second "
        "help; so does motion blur, which is the filter before the sampling.",
    ),
    Question(
        "01.e7",
        "A hospital has 40 scans from each of 50 patients, and splits the 2,000 scans "
        "at random. What is wrong, and what would you do?",
        "Scans of one patient stand on both sides, so the model can know the patient. "
        "Split by patient: all scans of one patient go to one side. The same goes for "
        "the normalizer, the choice of features and any cleaning by eye.",
    ),
)
