"""Lesson 13: questions to recall later, and prompts to explain while reading."""

from mmlearn.exercises.exercise import Question

QUESTIONS = (
    Question(
        "13.q1",
        "A body is a graph that moves. What are its nodes, its edges and its features, "
        "and which axes has a batch of films?",
        "Nodes are joints, edges are bones in both directions and a loop at each "
        "joint, features are coordinates. x is (B, T, N, F); the edges are the same in "
        "every frame and every film.",
    ),
    Question(
        "13.q2",
        "Which three types of edges has ST-GCN, and what would one type alone not be "
        "able to tell?",
        "A loop, from the neighbour nearer to the centre, from the neighbours farther "
        "away. With one kernel for all, an elbow could not tell its shoulder from its "
        "hand.",
    ),
    Question(
        "13.q3",
        "A convolution along time on x (B, T, N, F) is done by `x.reshape(B * N, T, "
        "F)`. What is wrong, and which test shows it?",
        "A reshape does not exchange axes: rows then run through the joints of a "
        "frame. Exchange T and N first. The test: change one joint of one film; only "
        "that joint's outputs may change.",
    ),
    Question(
        "13.q4",
        "Three layers, each one hop along the bones and then 5 frames with stride 1, "
        "1 and 2. How far does a number see, in frames and in bones?",
        "13 frames (1 + 4 + 4 + 4; the stride of the last layer comes too late to "
        "matter), and three bones.",
    ),
    Question(
        "13.q5",
        "You mirror films of skeletons for augmentation. Which two things change, and "
        "what must you ask of the labels?",
        "The sign of x, and the names: left and right joints change places. Then ask "
        "of every label whether it is still true: a circle turns the other way in a "
        "mirror.",
    ),
    Question(
        "13.q6",
        "A depth camera loses the body and writes zeros. What are zeros to a network, "
        "and what do you do?",
        "A pose like any other: all joints in one point, far away, reached by a jump. "
        "Fill the gap along a straight line between its neighbours in time, and keep a "
        "mask that says which frames were seen.",
    ),
    Question(
        "13.q7",
        "You hide one joint from a network, and its accuracy stays. Is the joint "
        "without importance?",
        "Not necessarily: others may tell the same, as wrist and elbow do of the hand. "
        "Hide groups as well. And the other way round: a loss may be surprise at an "
        "impossible body.",
    ),
    Question(
        "13.q8",
        "The joints of a data set might stand in another order than your edges "
        "believe. Which test finds out without training anything?",
        "True bones keep their length while the body moves. The spread of each edge's "
        "length over time is small for bones, large for edges between strangers.",
    ),
    Question(
        "13.q9",
        "An arm: shoulder (the centre) 4, elbow 2, hand 1; kernels 1, 10, 100 for a "
        "joint itself, from nearer, from farther. What is the elbow's sum, and what "
        "with shoulder 1 and hand 4? And with one kernel, 1, for all?",
        "142 = 2 + 10 · 4 + 100 · 1, then 412 = 2 + 10 · 1 + 100 · 4. With one kernel "
        "1 + 2 + 4 = 7 both times: the elbow cannot tell its two neighbours apart.",
    ),
    Question(
        "13.q10",
        "In the pullback of a spatial graph convolution, x (B, T, N, F): why does "
        "dkernel add over films, frames and joints, and dx over none of them?",
        "The same kernel was used in every film, frame and joint, so each adds its "
        "share. x of one joint in one frame is used in that frame only, by the joints "
        "that hear it: dx adds over these, and over types.",
    ),
    Question(
        "13.q11",
        "In films of skeletons the pelvis is put in the origin of every frame. What is "
        "lost of sitting down? And what is not?",
        "The way that the body goes: the pelvis no longer sinks. What it does to its "
        "own limbs remains: seen from the pelvis, the feet come nearer. With the "
        "origin in the first frame's pelvis, both remain.",
    ),
    Question(
        "13.q12",
        "Raising or lowering an arm, circling it one way or the other, sitting down or "
        "standing up: which keep their label in a mirror? Is it the mirror or "
        "the label that decides?",
        "Raising, lowering, sitting and standing do. A circle that turns clockwise in "
        "the picture turns the other way. If the class means the sense of turning in "
        "the picture, circle and circle back change places; if it means outward first, "
        "as seen from the body, they do not. The label's definition decides.",
    ),
)

PROMPTS = (
    Question(
        "13.e1",
        "A network sees all the frames of a film, but shuffled. Why can it not tell "
        "raising an arm from lowering it, however large it is?",
        "The second is the first run backward, so that both have the same frames. "
        "Shuffled, the two films are equally likely from both actions: there is "
        "nothing left to learn from.",
    ),
    Question(
        "13.e5",
        "Hiding one hand costs less than hiding the arm, and hiding any one limb may "
        "leave sitting readable. What would you conclude from single joints alone, and "
        "what else could a loss mean than missing information?",
        "Joints that move together stand in for each other: from single joints one "
        "might conclude that no joint matters. Importance belongs to what is hidden "
        "together. And a joint held at its average place stretches its bones: part of "
        "a loss may be surprise at an impossible body. Check against what is known.",
    ),
    Question(
        "13.e6",
        "Its kernel has five taps. Which joints change if joint 9 does? What does this "
        "code do to frames and joints, and what should it do? Name a test that would "
        "have found it.",
        "Five: with five taps joint 9 changes 7 to 11, its neighbours by number. "
        "Both reshapes cut the row of numbers anew, as if it were (B, N, T, F). A "
        "sequence then holds N-long stretches of different joints. Write "
        "`x.transpose(0, 2, 1, 3).reshape(B * N, T, F)`, and back with "
        "`.reshape(B, N, T, U).transpose(0, 2, 1, 3)`. Test: change one joint; only "
        "its own outputs may change.",
    ),
    Question(
        "13.e7",
        "Which line of the derivation is wrong, and what is right?",
        "Line 3: what joint v got from joint u goes back from v to u, so that each "
        "A_r is transposed: dx = Σ_r A_rᵀ dy W_rᵀ. With loops alone nobody would "
        "notice, for A_0 is symmetric.",
    ),
    Question(
        "13.e9",
        "Someone claps. Which joints must hear of each other, how many layers does it "
        "take along the bones, and which edge would you add?",
        "The two hands: eight bones lie between them, so eight layers. An edge "
        "between the hands, of a type of its own, makes it one. Edges are a choice: "
        "who should hear whom at once.",
    ),
    Question(
        "13.e10",
        "A camera lost the left arm of a person in every frame of a film. Filling "
        "along time is impossible. What do you do, in training and in use?",
        "Say so to the network: a mask as one more feature of each joint, zeros or the "
        "mean pose in its place, and train with joints left out at random, so that it "
        "has met the gap. Mirroring the other arm would invent a movement. And measure "
        "the accuracy on such films apart.",
    ),
)
