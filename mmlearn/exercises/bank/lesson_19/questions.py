"""Lesson 19: questions to recall later, and prompts to explain while reading."""

from mmlearn.exercises.exercise import Question

QUESTIONS = (
    Question(
        "19.q1",
        "A file has frames in unequal steps and sound that begins 0.2 s before the "
        "first frame. What is the clock that both are put on, and which two mistakes "
        "does it avoid?",
        "The file's own seconds. At every tick the frame then on display, and the "
        "samples heard from then on. It avoids counting frames as if they came in "
        "equal steps, and letting sound begin with the picture.",
    ),
    Question(
        "19.q2",
        "Several heads share one fused vector, and some labels are missing. How is "
        "the loss made, and what must it not be divided by?",
        "Each head's loss is a mean over the samples that have its label; then a "
        "weighted sum over heads. Not by the batch: a head with few labels would "
        "hardly count.",
    ),
    Question(
        "19.q3",
        "Somebody trains a model to say whether an event comes within the next second, "
        "and its labels count the present frame as well. What happens to the figures?",
        "They become splendid: while the event is going on it can be seen, and seeing "
        "is no forecast. Ask only about frames after the present one, and leave out "
        "frames in which it is going on.",
    ),
    Question(
        "19.q4",
        "What is a lead-time curve, and why is accuracy against the number of frames "
        "seen not the same?",
        "Accuracy of a forecast against how many frames before the event it is made. "
        "Events come at different times: after six frames one clip is two before its "
        "event, another eight, and their mean hides both.",
    ),
    Question(
        "19.q5",
        "What is a modality's Shapley value, and what do the values of all modalities "
        "add up to?",
        "The mean, over all orders in which modalities could come, of what it adds "
        "when it comes. They add up to the accuracy with all less that with none.",
    ),
    Question(
        "19.q6",
        "Two modalities say the same. What are they worth by leaving each out of all, "
        "and what by Shapley's value?",
        "Left out, each is worth nothing: the other is still there. By Shapley's value "
        "they share equally what they bring together.",
    ),
    Question(
        "19.q7",
        "You take the GRU over the frames away, and accuracy stays. Name two reasons "
        "why that does not prove it useless.",
        "It may matter for another head than the one you looked at, as the hidden "
        "layer here matters for the anomaly alone; and another modality may tell the "
        "same, so that nothing is missed until that one is missing.",
    ),
    Question(
        "19.q8",
        "What is input stall, and how do you measure whether the file is slower than "
        "the model?",
        "The share of time in which the model waits for its data. Time decoding and "
        "preparing a batch, and a training step on it; if the first is faster it can "
        "be done meanwhile, and the stall is what is left.",
    ),
    Question(
        "19.q9",
        "Why does an alarm have two thresholds?",
        "With one, a probability that wavers about it turns the alarm on and off all "
        "the time. It begins above the upper one and ends below the lower one.",
    ),
    Question(
        "19.q10",
        "Of 60 surveillance clips 40 are judged rightly, in five folds. 55 % are "
        "judged rightly from whether the file has sound at all. What may be said?",
        "Not much: from 60 clips the interval is about ten points each way, over folds "
        "wider still, and reaches the control's figure. Say so with the verdict.",
    ),
)

PROMPTS = (
    Question(
        "19.e1",
        "Repair this code: y = [event[t : t + 3].any() for t in range(T)], for the "
        "question whether it will lie within the next 3 frames. What is wrong, how "
        "does it show, and what has to be left out besides?",
        "The slice begins with frame t itself: while it lies there one sees it, and "
        "seeing is no forecast; and it ends at t + 2. It shows in figures that are too "
        "good, best of all after the event. Take event[t + 1 : t + 4], leave out "
        "frames in which it is going on, and those whose window runs past the end "
        "without an event.",
    ),
    Question(
        "19.e2",
        "Where the digit turns at frame 5, its target can be told from one frame later "
        "on, in picture, sentence and graph. Why is the best possible "
        "accuracy a step when it is drawn against lead, and a ramp against frames "
        "seen?",
        "Every clip knows from a fixed number of frames before the arrival on: against "
        "lead all steps lie at one place. Turns come at different frames, so against "
        "frames seen the steps lie at different places, and their mean is a ramp.",
    ),
    Question(
        "19.e3",
        "Grad-CAM shows a bright spot on the digit for the class. Does that prove that "
        "the model reads the digit there? What would?",
        "It shows where the last convolution's maps speak for the class, in this "
        "picture, given all else. Cover the spot, and other places as large, and see "
        "what the logit does; and take the sound away, for the class may come from "
        "there while the spot is lit.",
    ),
    Question(
        "19.e4",
        "A colleague reports: video alone 0.70, sound alone 0.72, both 0.86, so each "
        "is worth 0.43. Repair it: nothing known, the accuracy is 0.10.",
        "What is shared out is 0.86 − 0.10 = 0.76. Video first adds 0.60, second 0.14: "
        "the mean is 0.37. Sound 0.62 and 0.16: 0.39. Together 0.76.",
    ),
    Question(
        "19.e5",
        "A shop wants your command on 200 cameras, with the fights' model. Its test: "
        "40 of 60 clips. A fight is in one of 100,000 two-second windows. What would "
        "you tell them?",
        "A model that errs in a third of quiet windows raises an alarm every six "
        "seconds at every camera, and nearly all are false: with equal rates of errors "
        "1 alarm in 50,000 is a fight. Nor do 60 clips, hand-picked, half of them "
        "fights, tell what these cameras see. And whom it watches, and who answers for "
        "a false alarm, is no question of accuracy.",
    ),
    Question(
        "19.e6",
        "You may keep one encoder of the four, and have to answer all six questions "
        "within 10 ms. How do you choose, from which tables of this lesson, and what "
        "do you give up?",
        "From the accuracy of each modality alone, head by head, and from the cost of "
        "each part. A head whose only witness goes (the scene: seen only) falls to "
        "chance; one that needs two (the anomaly) as well. Choose by what a mistake in "
        "each head costs, and say which answers are no longer given.",
    ),
)
