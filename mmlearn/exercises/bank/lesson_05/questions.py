"""Lesson 05: questions to recall later, and prompts to explain while reading."""

from mmlearn.exercises.exercise import Question

QUESTIONS = (
    Question(
        "05.q1",
        "A map of 11 × 11 goes through 2 × 2 max pooling. How large is it then, and "
        "what happens to the last row?",
        "5 × 5. Five whole blocks of 2 fit on 11 pixels; the last row and column are "
        "left out.",
    ),
    Question(
        "05.q2",
        "What shape does an LSTM layer want, and why is the output of Flatten none?",
        "(B, T, F): a vector for each time step. Flatten leaves (B, F): no axis of "
        "time is left to go along.",
    ),
    Question(
        "05.q3",
        "How many weights does an LSTM with 10 features and 4 units have?",
        "4·(10·4 + 4·4 + 4) = 240: four layers, each of which sees 10 features and 4 "
        "units and has 4 biases. The number of steps does not matter.",
    ),
    Question(
        "05.q4",
        "A framework stops at the first fault of a model. Why is that not enough, and "
        "what do you do?",
        "Behind the first fault there may be others that were never reached. Follow "
        "the shapes through the whole model by hand, or build it layer by layer.",
    ),
    Question(
        "05.q5",
        "A detector calls 50 images a 3; 40 of them are. There are 80 threes. What "
        "are its precision and its recall for the 3?",
        "Precision 40 / 50 = 0.8, recall 40 / 80 = 0.5.",
    ),
    Question(
        "05.q6",
        "What do macro F1 and accuracy say about a model that never finds a class of "
        "1 % of the samples?",
        "Accuracy can still be 0.99. The macro F1 counts that class as 0, as much as "
        "any other, and falls.",
    ),
    Question(
        "05.q7",
        "Why look at the samples with the largest loss rather than at random mistakes?",
        "There the model is sure and wrong: one finds wrong labels, odd data and bugs "
        "there first.",
    ),
)

PROMPTS = (
    Question(
        "05.e1",
        "The prose promises maps of 26, 13 and 6. Where does each number come from, "
        "and which thought was left out?",
        "26 is 28 − 3 + 1, the first convolution. 13 is its pooling. 6 is 13 halved: "
        "the second pooling, without the second convolution between the two, which "
        "takes 13 to 11. So the pooling leaves 5, not 6. And there are four "
        "convolutions, not three.",
    ),
    Question(
        "05.e2",
        "Why does the LSTM's count of weights have two products, F·U and U·U, and why "
        "is the number of steps not in it?",
        "At each step a gate sees the F features of the step and the U units of the "
        "step before, so its kernel is F·U and its recurrent kernel U·U. The same "
        "weights serve at every step, as a kernel serves at every place.",
    ),
    Question(
        "05.e3",
        "Someone mends the second fault with Reshape((1, 128)) in place of Flatten. "
        "It runs. What has become of the idea?",
        "T is 1: the LSTM takes one step from a state of zeros. It remembers nothing, "
        "and its recurrent kernel is multiplied by zeros and never learns. It is a "
        "dense layer with gates, at several times the price.",
    ),
    Question(
        "05.e4",
        "The blueprint claims 0.9845. What must you know before you may "
        "say that your model is better?",
        "On which images it was measured, and how many: MNIST's 10,000 test images or "
        "a part of the training set. Whether the epoch was chosen on them. How much a "
        "seed changes. And that the model ever ran: this one cannot be built.",
    ),
    Question(
        "05.e5",
        "Reading the rows from top to bottom treats the two directions of a picture "
        "differently. When is this a good idea, and when a bad one?",
        "Good where one direction is an order: lines of a page, a spectrogram's time "
        "axis, frames of a video. Bad where there is none, as in a picture from "
        "above. A convolution treats both directions alike.",
    ),
    Question(
        "05.e6",
        "The saliency map is bright at pixels of the background. Is the network "
        "looking at nothing?",
        "No. Saliency says where a small change would move the logit. A black pixel "
        "that would make the 3 an 8 if it were white is evidence too.",
    ),
    Question(
        "05.e7",
        "What does `np.diag(matrix) / matrix.sum(axis=0)` compute, and what should "
        "stand there for the recall?",
        "It divides by the sums of the columns, all that was called k: the "
        "precision. For the recall it is `matrix.sum(axis=1)`, all that is k. For a "
        "good model both are near 1, so nobody notices.",
    ),
    Question(
        "05.e8",
        "Which two lines of the LSTM's count are wrong, and how many weights has it?",
        "Line 1: each of the four also sees the 100 units of the step before, 100·100 "
        "weights more. Line 3: the steps share their weights, so nothing is "
        "multiplied by 20. Right: 4·(5,000 + 10,000 + 100) = 60,400.",
    ),
    Question(
        "05.e9",
        "The checker of 05.6 did not see the third fault. What would it have to know?",
        "The shape of the data. The layers fit each other; it is the input they were "
        "built for, (28, 28, 3), that does not fit what they are fed, (28, 28, 1).",
    ),
)
