"""Lesson 12: questions to recall later, and prompts to explain while reading."""

from mmlearn.exercises.exercise import Question

QUESTIONS = (
    Question(
        "12.q1",
        "Name two neighbourhoods that a mean cannot tell apart and a sum can; and two "
        "that the largest cannot tell apart and the mean can.",
        "{1, 3} and {1, 1, 3, 3} have one mean, 2, and the sums 4 and 8. {1, 3} and "
        "{1, 3, 3} have one largest, 3, and the means 2 and 2.33.",
    ),
    Question(
        "12.q2",
        "Why does GIN put a small network around its sum?",
        "The plain sum joins {1, 3} and {2, 2}. A network before it, that of the layer "
        "below, can give each kind of neighbour numbers whose sums differ for "
        "different multisets.",
    ),
    Question(
        "12.q3",
        "What is the softmax of GAT taken over?",
        "Over the edges that end in one node, for each head by itself. The largest of "
        "these scores is subtracted first.",
    ),
    Question(
        "12.q4",
        "What is static attention, and which line does GATv2 move?",
        "In GAT all nodes rank their neighbours alike, as the score is an increasing "
        "function of a number of the source plus a number of the target. GATv2 "
        "multiplies with the attention vector after the LeakyReLU.",
    ),
    Question(
        "12.q5",
        "A deep graph network does badly. Which number tells you whether it smooths "
        "too much or does not learn?",
        "The training loss. If the network cannot even fit its training nodes, it is "
        "not learning; the same steps without layers, P^k X and a logistic regression, "
        "show what smoothing alone does.",
    ),
    Question(
        "12.q6",
        "What does a layer for typed edges add to GraphSAGE?",
        "A mean and a kernel for every relation, in place of one for all.",
    ),
    Question(
        "12.q7",
        "Which two graphs can no message passing tell apart, when all nodes begin "
        "alike?",
        "A ring of six nodes and two triangles: every node sees two like itself, in "
        "every round. That is the limit of the Weisfeiler–Lehman test.",
    ),
    Question(
        "12.q8",
        "All nodes have the same feature. What can attention over neighbours learn of "
        "such a graph?",
        "Nothing: the weights of a node add up to 1, so that every node gets the same "
        "number back, however many neighbours it has.",
    ),
)

PROMPTS = (
    Question(
        "12.e1",
        "Which of mean, max and sum do you take for: is anyone in my neighbourhood "
        "ill; what share is ill; how many are ill?",
        "Max answers whether anyone is, mean what share is, sum how many are. None is "
        "best; sum can count, and grows with the degree for it.",
    ),
    Question(
        "12.e2",
        "Why 1 + ε? Take ε = 0, and a node with feature 1 and one neighbour with "
        "feature 2, and the same two exchanged.",
        "Both sums are 3: the node cannot be told from its neighbour. With ε = ½ they "
        "are 1.5 + 2 = 3.5 and 3 + 1 = 4.",
    ),
    Question(
        "12.e3",
        "The dscores of one node's edges add up to 0. Why must they?",
        "Adding the same number to all its scores changes no weight. So the direction "
        "(1, 1, …, 1) has no gradient, and that is the sum of dscores.",
    ),
    Question(
        "12.e4",
        "Show that in GAT all nodes rank their neighbours alike.",
        "The score of u → v is LeakyReLU(p_u + q_v). For a fixed v, q_v is the same "
        "for all neighbours and LeakyReLU only grows, so that the neighbour with the "
        "larger p_u has the larger score, whoever v is.",
    ),
    Question(
        "12.e5",
        "A network of 16 layers names 30 % of the test nodes rightly, and 40 % of its "
        "training nodes. A colleague says: over-smoothing. What do you answer?",
        "That would be a network that has fitted its training nodes and fails on "
        "others, or whose smoothed features alone fail. This one has not learned. "
        "Measure P^16 X with a logistic regression, then repair the training.",
    ),
    Question(
        "12.e6",
        "Which line of the derivation is wrong, and what is right?",
        "Line 3. The sum runs over the edges with the same target as e, those that "
        "share the denominator, not over all edges: ds_e is α_e times (dα_e minus the "
        "sum of α dα over these).",
    ),
    Question(
        "12.e7",
        "A colleague's GAT reaches a fair accuracy on 100 nodes and a poor one on "
        "100,000. Its code says `alpha = softmax(scores)`. What happened, and what do "
        "you test in future?",
        "The softmax runs over all edges, so that each node gets a share of 1 that "
        "shrinks with the graph. Test that the weights of each node that hears "
        "somebody add up to 1, on a graph with two nodes at least that hear.",
    ),
    Question(
        "12.e8",
        "Sum, mean and attention, for a network of roads, where a crossing's feature "
        "is its traffic: which would you begin with, and why?",
        "If what flows in matters, the sum: traffic adds up. If a typical neighbour "
        "matters, the mean. Attention where some neighbours matter more and the data "
        "can say which. State the question before the operator; then measure, with "
        "the mean as a baseline.",
    ),
    Question(
        "12.e9",
        "A graph layer may never see which node is which. Name a thing that it can "
        "therefore not learn, and what one could give it.",
        "A ring of six from two triangles: no count of triangles, no distances. One "
        "can give nodes features that tell: the number of triangles through each, a "
        "random number, distances to some nodes, or coordinates of the graph's "
        "spectrum.",
    ),
)
