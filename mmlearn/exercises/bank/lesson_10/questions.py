"""Lesson 10: questions to recall later, and prompts to explain while reading."""

from mmlearn.exercises.exercise import Question

QUESTIONS = (
    Question(
        "10.q1",
        "What are query, key and value, and which two of them decide the weights?",
        "The query says what a token asks for, the key what each token can be found "
        "by, the value what it hands out. Query and key make the weights; the values "
        "are averaged with them.",
    ),
    Question(
        "10.q2",
        "Why are the scores of attention divided by the root of the number of "
        "features, and not by the number itself?",
        "A dot product of F independent numbers of variance 1 has variance F, so the "
        "standard deviation `√F`. Divided by it, the scores stay near 1 for every F, "
        "and the softmax keeps a gradient.",
    ),
    Question(
        "10.q3",
        "A sequence of T tokens: through how many steps does a gradient go from the "
        "last token to the first, in a recurrent layer and in attention?",
        "T − 1 in a recurrent layer, one in attention. That is why a fresh attention "
        "layer's gradient does not fade with the distance.",
    ),
    Question(
        "10.q4",
        "Where does a mask act in attention, and what goes wrong if weights are set to "
        "0 after the softmax instead?",
        "On the scores, as minus infinity, before the softmax. After it, the weights "
        "left over no longer add up to 1: how much is read depends on how much padding "
        "there is.",
    ),
    Question(
        "10.q5",
        "The words of a sentence are shuffled, and there are no positions. What does "
        "self-attention return, and what does the mean over the tokens?",
        "The same vectors in the shuffled order (it is equivariant), so the mean is "
        "unchanged: the network cannot know the order.",
    ),
    Question(
        "10.q6",
        "How does the arithmetic of one attention block grow with the number of tokens "
        "T, and from which T on does the part that is squared exceed the four "
        "projections, if tokens have d features?",
        "4 T d² for the projections and 2 T² d for the map: equal at T = 2 d. With an "
        "MLP of 4 d units, 8 T d² more, it is T = 6 d.",
    ),
    Question(
        "10.q7",
        "Which axes does Keras' query kernel have in multi-head attention, and how do "
        "you get the heads out of one wide product (B, L, heads·D)?",
        "(F, heads, D). Reshape to (B, L, heads, D) first, then move the heads in "
        "front of the tokens. A reshape to (B, heads, L, D) at once mixes tokens.",
    ),
    Question(
        "10.q8",
        "Why is a large attention weight no proof that the token decided the answer?",
        "What is handed on is weight times value, and other paths go around: the "
        "residual, other heads, the MLP. Take the token out and measure.",
    ),
)

PROMPTS = (
    Question(
        "10.e1",
        "Derive the variance of `q · k` for F features, all independent with mean 0 "
        "and variance 1. Which step needs the independence?",
        "`q · k` is a sum of F terms `q_f k_f`. Each has mean 0, and its variance is "
        "`E[q²] E[k²] = 1`, because q and k are independent. The terms are independent "
        "of each other, so their variances add up to F: a standard deviation of √F. "
        "Trained queries and keys are not independent; the scale is right at the "
        "start, where it matters most.",
    ),
    Question(
        "10.e2",
        "Why does every row of da add up to 0, and what does that say about adding a "
        "number to all scores of a row?",
        "`Σ_s w_s (dw_s − Σ_j w_j dw_j) = Σ_s w_s dw_s − Σ_j w_j dw_j = 0`, because "
        "the weights add up to 1. Adding the same number to all scores changes no "
        "weight, so the slope in that direction must be 0.",
    ),
    Question(
        "10.e3",
        "Repair the derivation: a colleague writes `∂w_s/∂a_s = w_s (1 − w_s)`, so "
        "`da = w (1 − w) dw`, and finds that the numerical gradient disagrees. Which "
        "line is wrong?",
        "The derivative is right, the conclusion is not: a score also changes the "
        "other weights of its row, `∂w_j/∂a_s = −w_j w_s`. All of them are blamed, so "
        "`da_s = Σ_j dw_j ∂w_j/∂a_s = w_s (dw_s − Σ_j w_j dw_j)`.",
    ),
    Question(
        "10.e4",
        "Repair the code: `w = softmax(a); w = w * mask; y = w @ v`. The shapes fit "
        "and the training works. When does it go wrong, and what is the least change?",
        "The rows of w no longer add up to 1: the more padding, the smaller y, so the "
        "same sentence gives another answer in a longer batch. Least change: "
        "`a = where(mask, a, −∞)` before the softmax (or divide by the row's sum).",
    ),
    Question(
        "10.e5",
        "A model must name the first word that appears twice in a text of 2,000 words. "
        "Would you take a GRU or attention, and what does either have to carry?",
        "Attention: each word can look for an equal word before it, in one step, and "
        "nothing has to be squeezed into a state of fixed size: keys and values of all "
        "2,000 words are kept. A GRU must carry all words so far in such a state. The "
        "price: 2,000² comparisons in each head, and that memory.",
    ),
    Question(
        "10.e6",
        "Your colleague shows a map where the network reads the word 'hospital' with "
        "weight 0.9 and says: that is why it decided so. Which two measurements would "
        "you ask for?",
        "Take the word out (or replace it) and see how much the answer moves; compare "
        "with other words. And force other weights, even ones, on the trained layer: "
        "if the answer stays, the map did not decide it.",
    ),
    Question(
        "10.e7",
        "Someone gives Keras' MultiHeadAttention the initializer "
        "`GlorotUniform(seed=1)` to make a run repeatable. What is special about its "
        "first map?",
        "Keras copies the initializer for every kernel, and with the same seed and "
        "shape the query, key and value kernels begin equal. Then the scores are "
        "symmetric, a_ls = a_sl, and every token's score with itself is a squared "
        "length, never negative. Nothing warns.",
    ),
)
