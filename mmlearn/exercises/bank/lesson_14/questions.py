"""Lesson 14: questions to recall later, and prompts to explain while reading."""

from mmlearn.exercises.exercise import Question

QUESTIONS = (
    Question(
        "14.q1",
        "What is the Bayes gain of fusing, and what does a gain of 0 tell you "
        "before you "
        "have built anything?",
        "The best possible accuracy with all modalities minus the best possible "
        "with one "
        "alone. If it is 0, no fusion, however rich, can be more accurate than the "
        "best "
        "modality.",
    ),
    Question(
        "14.q2",
        "Two noisy copies of a bit tell more bits together than either alone. Why "
        "is the "
        "accuracy the same?",
        "Where they agree one is surer, but says the same. Where they differ one "
        "can only "
        "toss a coin. Accuracy changes only where a decision does; the bits are "
        "paid out "
        "in cross-entropy.",
    ),
    Question(
        "14.q3",
        "Redundant, unique, synergistic: say for a label y = (a, b) with x1 = a and "
        "x2 = b, and for y = a XOR b, which it is.",
        "The first is unique twice, one bit each, no synergy, and the accuracy goes "
        "from "
        "1/2 to 1. The second is all synergy: neither tells anything alone, "
        "together all.",
    ),
    Question(
        "14.q4",
        "When is a product of experts the best possible fusion, and what must be done "
        "with the prior?",
        "When the modalities are independent given the label. The prior is in each "
        "of the "
        "M posteriors and must be divided out M − 1 times.",
    ),
    Question(
        "14.q5",
        "Sound and subtitles share an error: the subtitles were made from the "
        "sound. What "
        "does a product of the two experts do wrong?",
        "It counts one piece of evidence twice: too sure of itself, and pulled to what "
        "the two say against a third. They are no longer independent witnesses.",
    ),
    Question(
        "14.q6",
        "Why does a concatenation followed by one linear layer fail on XOR, and why "
        "does "
        "a network of any depth for each modality not help?",
        "It is a sum of one score from each modality. For XOR the scores of (0,0) and "
        "(1,1) would have to be on one side and those of (0,1) and (1,0) on the other, "
        "but their sums are equal. Depth inside a modality changes the two scores, not "
        "that they are added.",
    ),
    Question(
        "14.q7",
        "A colleague drops a modality because, alone, it is at chance. What is "
        "wrong with "
        "that?",
        "At chance alone does not mean worthless: under XOR both are, and together "
        "they "
        "decide. Test what is lost when it is left out of all.",
    ),
    Question(
        "14.q8",
        "Three experts: 0.6, 0.6 and 0.6 for class 1, two equally frequent classes, "
        "independent given the label. What do mean and product say?",
        "The mean 0.6. The product has the odds 1.5 · 1.5 · 1.5 = 3.375 : 1, so 0.77.",
    ),
    Question(
        "14.q9",
        "You want to know whether a trained network combines its modalities or only "
        "adds "
        "them. What do you measure?",
        "Compute its logits for all pairs of one sample's audio with another's image, "
        "replace them by their best additive approximation (row mean + column mean − "
        "grand mean), and look at how much accuracy is lost.",
    ),
)

PROMPTS = (
    Question(
        "14.e1",
        "Two noisy copies, each right in nine cases of ten: together they tell 0.21 "
        "bits "
        "more than one. Where do these bits go, if not into accuracy?",
        "Into certainty. In 82 of 100 cases they agree, and one is right with 0.988 "
        "in place of 0.9; in 18 they differ, and one knows that one knows nothing. The "
        "decision is the same as before, or a coin; but the cross-entropy falls by "
        "exactly these 0.21 bits. Who may say “I do not know” can use them.",
    ),
    Question(
        "14.e2",
        "In the derivation of the product, which line needs independence given the "
        "label, "
        "and would plain independence do?",
        "The second: p(x1, x2 | y) = p(x1 | y) p(x2 | y). Plain independence, p(x1, "
        "x2) = "
        "p(x1) p(x2), is another thing: the two bits of an XOR are independent, but "
        "not "
        "given the label. And two good witnesses of one bit are not independent: both "
        "follow what happened.",
    ),
    Question(
        "14.e3",
        "Which line is wrong, and how would you have found out with one number?",
        "Line 2. Two witnesses, right in 0.9 of all cases, both say heads of a fair "
        "coin: line 3 gives 0.9 · 0.9 / 0.5 = 1.62, more than 1. They are independent "
        "given the coin, not otherwise: both say heads in 41 of 100 cases, not in 25, "
        "for both follow the coin. Divide line 1 by its sum over y instead, that is, "
        "normalise: 0.405 / 0.41 = 0.988.",
    ),
    Question(
        "14.e4",
        "With shared noise a linear map of all features can be better than with "
        "independent noise, and a product of experts worse. How can both be?",
        "The linear map may learn a negative weight: a modality that hears mostly the "
        "shared noise tells how much of it to subtract from the others. A product of "
        "experts asks each one alone, and alone such a modality knows of no "
        "subtraction; "
        "what all of them misheard is counted as often as there are experts.",
    ),
    Question(
        "14.e5",
        "Someone gives each modality a network of ten layers, adds the two outputs, "
        "and "
        "hopes that depth solves XOR. What do you say?",
        "The output is still f(a) + g(b). For any f and g the scores of (0,0) and "
        "(1,1) "
        "add up to the same as those of (0,1) and (1,0): it cannot have all four "
        "right. "
        "One layer with a nonlinearity after the sum is enough.",
    ),
    Question(
        "14.e6",
        "What may differ between training and use without any error, and what should "
        "the code do?",
        "The order of the names. The code joins the arrays in the order in which the "
        "dict was written; in use another program wrote it in another order, and the "
        "kernel's rows met the wrong modality. Both have eight features, so no shape "
        "complained. Sort the names, in one place, and test with a dict written "
        "backwards.",
    ),
    Question(
        "14.e7",
        "Your video has picture, sound, and subtitles made by a speech recognizer. "
        "Which "
        "fusion would you try first, and what would you measure before believing it?",
        "Subtitles come from the sound: not independent given the label. So not the "
        "product of three; a product of the picture with one network on sound and "
        "subtitles, or a concatenation with a hidden layer. Measure each alone, "
        "each pair, "
        "all; the calibration of all; and what is lost without the subtitles.",
    ),
    Question(
        "14.e8",
        "Fusing gains 0.4 points over the best modality on 250 test samples, five "
        "seeds. "
        "What may you claim?",
        "Nothing yet. 0.4 points of 250 are one sample, and the interval for 250 "
        "samples "
        "is some ten times wider. Seeds tell how much training varies, not how other "
        "samples would turn out. Compare the two sample by sample, or take more "
        "samples.",
    ),
)
