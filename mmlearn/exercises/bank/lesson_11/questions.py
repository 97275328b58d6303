"""Lesson 11: questions to recall later, and prompts to explain while reading."""

from mmlearn.exercises.exercise import Question

QUESTIONS = (
    Question(
        "11.q1",
        "What is in the two rows of edge_index, and which way do messages flow?",
        "Row 0 holds source nodes, row 1 target nodes; a message flows from source to "
        "target. An undirected edge is two columns.",
    ),
    Question(
        "11.q2",
        "Why is y[target] += messages wrong in NumPy, and what is right?",
        "Where a target comes twice, only the last message is kept. "
        "np.add.at(y, target, messages) adds every one.",
    ),
    Question(
        "11.q3",
        "Three things are wrong with the plain sum over neighbours. Which?",
        "It grows with the degree, layer after layer; hubs are as loud to each "
        "neighbour as others; a node does not hear itself.",
    ),
    Question(
        "11.q4",
        "With what does a graph convolution multiply the message from u to v?",
        "With 1/√(d_u d_v), where d counts what arrives, the node's own loop included.",
    ),
    Question(
        "11.q5",
        "Which way does the gradient flow through a message pass, and which graphs "
        "show an error there?",
        "Back along the edges, from targets to sources: dZ = Aᵀ dY. Only a directed "
        "graph shows an error: an undirected one has A = Aᵀ.",
    ),
    Question(
        "11.q6",
        "What must happen to the output of a graph layer when the nodes are numbered "
        "anew?",
        "Its rows are numbered anew in the same way, and nothing else changes: it is "
        "permutation equivariant.",
    ),
    Question(
        "11.q7",
        "How far does a node hear through three layers of message passing?",
        "Three steps: from every node that reaches it along at most three edges.",
    ),
    Question(
        "11.q8",
        "What does a graph convolution compute on a graph without edges?",
        "Every node has its own loop, of coefficient 1: x W + b, a dense layer. So an "
        "ordinary network is a fair baseline, of as many weights.",
    ),
)

PROMPTS = (
    Question(
        "11.e1",
        "Ten thousand nodes, each with about five neighbours. What does the product "
        "with A cost as a matrix, and what as a list of edges?",
        "As a matrix 10,000 × 10,000 products for every feature, nearly all with 0. As "
        "a list of edges one addition for each of 50,000 edges: 2,000 times less.",
    ),
    Question(
        "11.e2",
        "Why a root at both ends? What would 1/d_v alone do, and what 1/d_u alone?",
        "1/d_v is a mean over what arrives: the size stays, but a hub is as loud as "
        "anybody to each of its neighbours. 1/d_u shares out what a node has to say, "
        "and a node with many neighbours still grows. The two roots do half of each, "
        "and keep the matrix of an undirected graph symmetric.",
    ),
    Question(
        "11.e3",
        "The forward pass gathers rows (z[source]) and scatters them (add.at over "
        "target). What does the backward pass do, and why?",
        "It gathers dy[target] and scatters it over source. A copy handed to several "
        "users gets the sum of their gradients; a sum hands its gradient to every "
        "summand. So each movement's pullback is the other one.",
    ),
    Question(
        "11.e4",
        "Why does a test on an undirected graph not find a gradient that flows the "
        "wrong way?",
        "There every edge has its twin in the other direction, so A equals its "
        "transpose, and along or against the arrows is the same sum.",
    ),
    Question(
        "11.e5",
        "A colleague's data come as (E, 2) pairs (target, source). She writes "
        "`edge_index = pairs.T`. It runs. What is wrong, and which line mends it?",
        "Row 0 now holds targets: every message flows the wrong way. "
        "`edge_index = pairs.T[::-1]` puts sources first. One edge, looked at by name, "
        "shows it; an undirected graph hides it.",
    ),
    Question(
        "11.e6",
        "Which line of the derivation is wrong, and what is right?",
        "Line 3. Row v of A collects what arrives at v. To collect what u sent out one "
        "reads column u: dz_u is the sum of A_vu dy_v over v, so dZ = Aᵀ dY. "
        "On the club A = Aᵀ, so both are the same.",
    ),
    Question(
        "11.e7",
        "A graph of friends, in which each node is a person of two features, and a "
        "table with a row for each person. When would you prefer the table?",
        "When friends do not resemble each other in what is asked, or when new people "
        "come without known friends. The graph helps where neighbours tend to share a "
        "label, and labels are few.",
    ),
    Question(
        "11.e8",
        "The test nodes take part in the training: their features, and their edges. Is "
        "that cheating?",
        "No, as long as their labels do not, and it is said: the task is transductive. "
        "But its accuracy says nothing about nodes that come later: for those, train "
        "without them.",
    ),
    Question(
        "11.e9",
        "New images arrive after the training. How are they read, and what does the "
        "accuracy that was measured say about it?",
        "Join each to its nearest images, and run the trained layers on the larger "
        "graph: the weights do not know how many nodes there are. What was measured "
        "is of images that were in the graph during training; for new ones, measure "
        "again with images that were left out of it.",
    ),
)
