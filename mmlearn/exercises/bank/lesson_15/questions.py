"""Lesson 15: questions to recall later, and prompts to explain while reading."""

from mmlearn.exercises.exercise import Question

QUESTIONS = (
    Question(
        "15.q1",
        "What do the gates of a gated multimodal unit look at, what do they multiply, "
        "and for which kind of data are they made?",
        "Each gate looks at all modalities and multiplies one modality's candidate, "
        "tanh of an affine map. They are for data where whom to trust changes from "
        "sample to sample.",
    ),
    Question(
        "15.q2",
        "Why does tensor fusion append a 1 to every modality before the outer product?",
        "With the 1 the outer product holds not only the products of all modalities, "
        "but also those of some of them, each feature by itself, and the constant 1: "
        "concatenation and the bias are inside.",
    ),
    Question(
        "15.q3",
        "Three modalities of 32 features, 16 units: how many weights has tensor "
        "fusion, and how many has low-rank fusion of rank 4?",
        "33³ · 16 = 574,992 (and 16 biases); low-rank 4 · 3 · 33 · 16 = 6,336. The "
        "first is a power of M, the second grows in proportion to it.",
    ),
    Question(
        "15.q4",
        "In the pullback of a product of M factors one may divide the product by one "
        "factor to get the others. Why should one not?",
        "A factor may be 0, exactly or nearly: 0/0. Multiply the others, or keep "
        "products from the left and from the right.",
    ),
    Question(
        "15.q5",
        "A step of a modality is missing and its array holds nan. Its attention weight "
        "is exactly 0. Why is y nan, and what helps?",
        "0 · nan is nan, in the value and again in the gradient. Put zeros into the "
        "array before anything is computed of it; a mask on the weights comes too "
        "late.",
    ),
    Question(
        "15.q6",
        "A fusion works moment by moment, and a mean over time follows. The sound "
        "follows the picture by one step. Why can it not know?",
        "It sees pairs that stand at the same moment, and these are distributed alike "
        "for every delay. Somebody must hear a neighbour in time.",
    ),
    Question(
        "15.q7",
        "MNIST images and spoken digits are paired by label alone. Which fusion is "
        "best, and why can no richer one beat it?",
        "The product of experts, with the prior counted once. Image and sound are "
        "independent given the label, so the posterior is this product. What a richer "
        "fusion can learn beyond it is noise.",
    ),
    Question(
        "15.q8",
        "Two fusions are compared with 16 units each, and the one with products wins. "
        "What is wrong with the comparison?",
        "Equal units are not equal parameters: the products may have a hundred times "
        "as many. Match the parameters, give both the same data, tune both on "
        "validation data, and use several seeds.",
    ),
)

PROMPTS = (
    Question(
        "15.e1",
        "On the trust data the best decision adds up x/σ² of both modalities, and σ is "
        "told by another feature of the same modality. Why can neither a concatenation "
        "nor a product between the modalities compute that, and a gate can?",
        "The concatenation has one weight for x, whatever σ is. The product between "
        "modalities multiplies a feature of one with a feature of the other; x and "
        "what tells its σ stand in the same modality, so their product is not among "
        "them. A gate multiplies a function of everything with a function of x. "
        "(A gate that sees only its own modality would do here.)",
    ),
    Question(
        "15.e2",
        "Let h = g in one unit of the gated pair. What is the gradient of its gate, "
        "and why is that right?",
        "dscore = dy (h − g) z (1 − z) = 0. If both say the same, it does not matter "
        "whom one trusts: y stays h wherever the gate stands. So a gate only learns "
        "from samples where the modalities disagree.",
    ),
    Question(
        "15.e3",
        "Repair the derivation. y = Π_m p_m with p_m = x̃_m A_m. (1) log y = Σ_m log "
        "p_m. (2) So dp_m = dy · y / p_m. (3) dA_m = x̃_mᵀ dp_m. The numerical gradient "
        "agrees on most draws; on some it is nan. Which line is wrong?",
        "Line 1 (and so 2) holds only where every p_m is positive. The result is right "
        "for p_m ≠ 0, of any sign, but 0/0 where a factor is 0, and it loses digits "
        "near it. dp_m is dy times the product of the others.",
    ),
    Question(
        "15.e4",
        "Repair the code: `w = softmax(a); w = w * available[:, None]; y = w @ value`. "
        "Shapes fit. Name both things that go wrong, and the least changes.",
        "The weights left over do not add up to 1: a sample with much missing gets a "
        "small y. And a value of nan times weight 0 is nan. Least changes: minus "
        "infinity on the scores before the softmax, and zeros in the array where it is "
        "not available before the values are computed.",
    ),
    Question(
        "15.e5",
        "A colleague writes: 'Tensor fusion has 500,000 weights and gets .91, "
        "concatenation has 3,000 and gets .88: products matter.' Which three controls "
        "do you ask for?",
        "A deep concatenation with as many weights; the low-rank form with as few; and "
        "the ceiling or a product of experts, which says whether there was anything "
        "between the modalities to find. All with five seeds and a rate chosen on "
        "validation data, for each anew.",
    ),
    Question(
        "15.e6",
        "In a hospital a picture, a sound and a text arrive at different hours, and "
        "often one does not arrive. Which fusions of this lesson would you try first, "
        "and what would you ask of the data before you choose?",
        "First a product of experts: it needs no joint training, and a missing expert "
        "just falls out. Then ask: is trust told by the data (gates)? Does the label "
        "depend on a relation between modalities, so that each alone is near chance "
        "(products)? Do moments point at each other (cross-attention, graph)? If none, "
        "a richer fusion has nothing to find.",
    ),
    Question(
        "15.e7",
        "Why does the graph find the delay of one step, and cross-attention, which "
        "may look at any step, not?",
        "Attention compares contents. Steps that are given without their number are a "
        "set: shuffled in time they give the same answer. The graph's edges say who "
        "stands beside whom. Add a position to every step, and attention can ask for "
        "a neighbour, too.",
    ),
)
