"""Lesson 07: questions to recall later, and prompts to explain while reading."""

from mmlearn.exercises.exercise import Question

QUESTIONS = (
    Question(
        "07.q1",
        "A simple recurrent layer has F = 3 inputs and U = 5 units. How many "
        "numbers does it learn, and does it matter how long the sequences are?",
        "3·5 + 5·5 + 5 = 45. The same weights are used at every step, so the length"
        " does not matter.",
    ),
    Question(
        "07.q2",
        "Why does the gradient of the recurrent kernel have one share per step?",
        "The same matrix is used in every step. Each use has its own alpha and its "
        "own state before the step, and the total derivative adds the shares up.",
    ),
    Question(
        "07.q3",
        "Into how many equations does a state in the middle of a sequence go, and "
        "what follows for its gradient?",
        "Into what the loss reads of it, and into the next state. So its gradient "
        "is the sum of two messages: its own dy, and what comes back through the "
        "next state.",
    ),
    Question(
        "07.q4",
        "What decides, roughly, whether the gradient of a recurrent network "
        "vanishes or explodes over many steps?",
        "Every step back multiplies by the recurrent kernel and by the slope of "
        "tanh. Below 1, the largest eigenvalue makes it vanish. Above 1 it may "
        "explode, unless the slopes are so small that they outweigh it: then it "
        "vanishes after all.",
    ),
    Question(
        "07.q5",
        "What does clipping by the global norm change in a gradient, and what does "
        "it leave as it is?",
        "It shortens one that is too long and keeps its direction. It cures "
        "exploding gradients. It does nothing for vanishing ones.",
    ),
    Question(
        "07.q6",
        "Backpropagation is truncated to windows of 10 steps. Which memories can no"
        " longer be learned, and does the network also forget forward?",
        "No gradient says that something more than 10 steps back should have been "
        "kept across a cut. Forward the state is still carried on.",
    ),
    Question(
        "07.q7",
        "In a batch of unequal lengths the padding is set to zero and the last "
        "state is read. What is wrong?",
        "A zero input does not leave the state alone: recurrent kernel and bias go "
        "on changing it. A mask must carry the state over.",
    ),
)

PROMPTS = (
    Question(
        "07.e1",
        "The loop used R three times. Why is it not enough to take the derivative "
        "of the last equation with respect to R?",
        "That is the partial derivative: the state before is held fixed. But it was"
        " made with R as well, so when R moves, it moves along. The total "
        "derivative counts all uses.",
    ),
    Question(
        "07.e2",
        "Repair the derivation: which derivatives of line 2 are total, which must be "
        "partial, and what is counted twice?",
        "The derivative of L by a state is total, that of a state by R is partial, "
        "with the state before held fixed. With both total, the path from an early "
        "use of R to the loss is counted in dL/dh already, and again in the "
        "derivative of every later state. Or the other way round: ∂L/∂h_t partial "
        "(here 0, 0, 1) times dh_t/dR total. One of the two, not both.",
    ),
    Question(
        "07.e3",
        "With a spectral radius of 1.5 the gradient of the linear network explodes,"
        " and that of the tanh network did not. Why, and is that good news?",
        "Each step multiplies by R and by slopes, 1 − h², below 1. Noise and state "
        "together pushed the tanh to a typical slope of 0.6, and 1.5 · 0.6 = 0.9 is "
        "below 1. That is luck of this input, not a law: with radius 3 it is "
        "3 · 0.47 = 1.4, and this network explodes, too. Nor is it good news: a unit "
        "where the tanh is flat hardly learns.",
    ),
    Question(
        "07.e4",
        "Repair the code: a colleague clips with `[np.clip(g, -1, 1) for g in "
        "grads]`. What does it do to the direction of the step, and what should "
        "stand there?",
        "It cuts every number for itself, so large entries lose and small ones do "
        "not: the direction turns. One factor for all, 1/‖g‖ if the common length "
        "is above 1, keeps it.",
    ),
    Question(
        "07.e5",
        "You must read sensor values for a year, one a second, without an end. "
        "Which parts of this lesson's training are impossible, and what would you "
        "do?",
        "The whole sequence cannot be kept for a backward pass. Read it in windows,"
        " carry the state across them, cut the gradient at each window; what must "
        "be remembered longer than a window has to be given to the network in "
        "another way.",
    ),
    Question(
        "07.e6",
        "The positions were shuffled by one fixed permutation. Why can the dense "
        "network not notice, and what exactly do the other two lose?",
        "A dense layer has a weight of its own for every position, and fresh "
        "weights are alike at all positions: renaming them changes nothing. A "
        "convolution compares neighbours, a recurrent layer what came just before: "
        "both use that what is near belongs together. The information is still "
        "there, but no longer where their weights look.",
    ),
)
