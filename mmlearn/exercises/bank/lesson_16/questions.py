"""Lesson 16: questions to recall later, and prompts to explain while reading."""

from mmlearn.exercises.exercise import Question

QUESTIONS = (
    Question(
        "16.q1",
        "A microphone is off, and its features are written as zeros. What are zeros "
        "to a network, and what should be said instead?",
        "A measurement like any other: silence, or the average voice. Give a mask "
        "that says which modalities are there, and let the fusion leave out the "
        "others; what stands in their place must not matter.",
    ),
    Question(
        "16.q2",
        "Why does `x * mask` not protect a mean from a NaN that stands in a missing "
        "modality, and what does?",
        "0 · NaN is NaN. `np.where(mask, x, 0)` chooses, and computes nothing with "
        "what it leaves out. Then divide by how many are there.",
    ),
    Question(
        "16.q3",
        "What is modality dropout, how does it differ from dropout of units, and "
        "which draw must never happen?",
        "In training whole modalities of a sample are taken away at random, each "
        "sample with a draw of its own. Never all of them: then there is nothing to "
        "learn from.",
    ),
    Question(
        "16.q4",
        "Two encoders feed one sum of logits. Why can the one that learns fast stop "
        "the other from learning?",
        "Both get the same residual, p − y. Once the fast one has named the training "
        "samples, p − y is nearly 0, and with it the gradient of both: there is no "
        "mistake left to learn from, although the other knows more about new samples.",
    ),
    Question(
        "16.q5",
        "How do you find out whether a modality of a trained fused model is used, and "
        "whether its encoder has learned what it could have learned?",
        "Measure the accuracy of each modality alone over the epochs, and the "
        "gradient norm of each encoder; compare with the same encoder trained alone, "
        "on validation data.",
    ),
    Question(
        "16.q6",
        "A test set has 98 % of class 0. A model has an accuracy of 0.98. What do you "
        "ask next?",
        "What it gets by always saying 0: 0.98. Ask for recall and precision of the "
        "rare class, or balanced accuracy and macro F1; and what each kind of mistake "
        "costs.",
    ),
    Question(
        "16.q7",
        "Class weights in the loss, or a threshold moved after training: what do both "
        "do, and which needs no training?",
        "Both make the model decide as if the classes had other frequencies. Dividing "
        "the probabilities by the old frequencies and multiplying by the new ones "
        "does it without training; weights also change what a limited model spends "
        "itself on.",
    ),
    Question(
        "16.q8",
        "The focal loss is −(1 − p)^γ log p. What is it at γ = 0, and by what does "
        "its gradient differ from cross-entropy's?",
        "At γ = 0 it is cross-entropy. Its gradient is cross-entropy's, p − onehot, "
        "times (1 − p)^γ − γ p (1 − p)^(γ−1) log p: nearly 0 where the model is right "
        "already.",
    ),
    Question(
        "16.q9",
        "What does temperature scaling change, what not, and on which data is the "
        "temperature chosen?",
        "All logits are divided by one T: probabilities become softer or sharper, the "
        "largest stays the largest, so the accuracy stays. T is chosen by the "
        "cross-entropy on validation data.",
    ),
    Question(
        "16.q10",
        "Somebody ships features that were learned with the training labels. Why does "
        "cross-validation among the training samples not see that, even by group?",
        "The extractor has seen the labels of all folds, the held-out one too. Only "
        "samples whose labels the extractor never saw can tell: the true test set, or "
        "features fitted anew inside each fold.",
    ),
    Question(
        "16.q11",
        "You suspect that features have seen their labels. Name two tests, and say "
        "which of them needs no test labels.",
        "Compare one modality's cross-validated accuracy with its test accuracy. And "
        "train a classifier to tell training rows from test rows: if it can, the two "
        "were not made alike; that takes no labels at all. If it cannot, nothing is "
        "proved.",
    ),
)

PROMPTS = (
    Question(
        "16.e1",
        "A fused model has seen all modalities in training. Without its best one it "
        "falls below what the others could do by themselves. Why?",
        "The best weights depend on what else is there. Text, the noisiest, had a "
        "negative weight: a witness of the shared noise, to be subtracted. Alone it "
        "is read backward. Nothing in training asked for anything else.",
    ),
    Question(
        "16.e2",
        "The gradient of the slow encoder's weights is its features times (p − y) "
        "times its outgoing weights. Which of the three does the fast modality "
        "change, and when does it help the slow one that p − y is small?",
        "Only p − y. It is small where the fast one names the training sample "
        "rightly, by understanding or by heart. It does no harm where the slow one "
        "has nothing to add; it does where the fast one knows its samples by heart "
        "and will fail on new ones.",
    ),
    Question(
        "16.e3",
        "Repair this derivation. 1. ℓ = −(1 − p)^γ log p. 2. dℓ/dp = −(1 − p)^γ / p. "
        "3. ∂p/∂z_j = p ([j = k] − p_j). 4. So ∂ℓ/∂z_j = (1 − p)^γ (p_j − [j = k]).",
        "Line 2 forgets the product rule: (1 − p)^γ depends on p as well, and gives + "
        "γ (1 − p)^(γ−1) log p. Multiplied out the factor is (1 − p)^γ − γ p (1 − "
        "p)^(γ−1) log p. The second part is positive: without it the step is too "
        "short: 2.4 times at p = 0.5 and γ = 2, and nearly 1 + γ times where p is near "
        "1.",
    ),
    Question(
        "16.e4",
        "A colleague balances a set before she splits it: she copies the rare samples "
        "until both classes are equally frequent, shuffles, and cuts off a test set. "
        "What is wrong, and how would she notice?",
        "Copies of one sample are in training and in test: the rare class is tested "
        "on what was learned by heart, and the test set has frequencies that the "
        "world has not. Split first, then balance the training part only. She would "
        "notice by looking for equal rows across the split.",
    ),
    Question(
        "16.e5",
        "The labels were permuted and a classifier was cross-validated on the shipped "
        "features: chance. Why does that not clear the features of suspicion, and "
        "what would have to be permuted when?",
        "The features were fitted to the true labels. Permuting afterwards only asks "
        "whether the classifier can invent something. Permute the labels before the "
        "extractor is fitted, and run everything again: whatever is above chance then "
        "is leak.",
    ),
    Question(
        "16.e6",
        "A model reads lips and sound. In the street the sound has ten times its "
        "usual noise. Is it better to go on listening, or to declare the sound "
        "missing?",
        "It depends on whether the model was told. To one that has learned a fixed "
        "weight, bad sound is worse than none from some noise on: find that point on "
        "validation data, and switch it off beyond it. A model that estimates the "
        "noise, as the best fusion does, never loses by listening.",
    ),
    Question(
        "16.e7",
        "One patient in a hundred is ill. A model was trained on a balanced half and "
        "half, and says 0.9 for somebody. What is the probability of illness, "
        "roughly, and which assumption is in it?",
        "Odds of 9 to 1 in the balanced world times 1 to 99 for the new frequencies: "
        "9 to 99, so 1 in 12. It assumes that ill people look alike in both worlds, "
        "and that the model's 0.9 meant 90 %: calibration first.",
    ),
    Question(
        "16.e8",
        "A fused model beats the best single modality by one point on validation data. "
        "What do you measure before you say that fusing helps?",
        "The same over five seeds, with an interval for the size of the set; each "
        "modality alone, trained alone with as many parameters; each subset of the "
        "fused model; and one modality with its samples exchanged between people, so "
        "that a gain from mere parameters, or from a leak, shows itself. Then the test "
        "set, once.",
    ),
)
