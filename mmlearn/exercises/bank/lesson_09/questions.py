"""Lesson 09: questions to recall later, and prompts to explain while reading."""

from mmlearn.exercises.exercise import Question

QUESTIONS = (
    Question(
        "09.q1",
        "Why must an unknown word and padding have two different numbers?",
        "Padding means that nothing was said there, and is masked. An unknown word was "
        "said: it takes a step, and the words around it keep their distance.",
    ),
    Question(
        "09.q2",
        "An embedding is a look-up, yet it has a gradient. What is it for a token that "
        "occurs three times in a batch, and for one that does not occur?",
        "The look-up is a product with one-hot rows, so the gradients of the three "
        "places add up in the token's row. A row that was not read gets zero.",
    ),
    Question(
        "09.q3",
        "How do you test in one line that a network masks its padding?",
        "Pad the same batch longer: not a single logit may change.",
    ),
    Question(
        "09.q4",
        "Can naive Bayes, or any weighted sum of word counts, call `good` and "
        "`not dull` good, and `dull` and `not good` bad?",
        "No. The scores of `good` and `not dull` add up to the same number as those of "
        "`dull` and `not good`: the first two cannot both be above 0 while the last "
        "two are below.",
    ),
    Question(
        "09.q5",
        "The mean of the embeddings, then a hidden layer: which sentences can it get "
        "right that naive Bayes cannot, and which can neither?",
        "It can learn that `not` turns an adjective round, as a hidden layer can "
        "combine two words. Two sentences of the same words in another order look "
        "alike to both.",
    ),
    Question(
        "09.q6",
        "A language model over 60 letters has a cross-entropy of 2.08 nats a letter. "
        "What is its perplexity, and what does it mean?",
        "exp(2.08) = 8: it is as uncertain as if it had to choose among 8 equally "
        "likely letters at every place. Knowing nothing would be 60.",
    ),
    Question(
        "09.q7",
        "What does a temperature of 0.5 do to two tokens with p = 0.8 and p = 0.2?",
        "The logits are doubled, so the ratio 4 becomes 16: p = 16/17 = 0.94 and 0.06.",
    ),
    Question(
        "09.q8",
        "Somebody fits a new vocabulary on the test sentences. Why does nothing "
        "complain, and why are the answers worthless?",
        "The numbers still lie in the range of the table. But they now mean other "
        "words: the network reads a sentence that nobody wrote. The vocabulary belongs "
        "to the model and is stored with it.",
    ),
)

PROMPTS = (
    Question(
        "09.e1",
        "Nobody multiplies with one-hot vectors in practice. So why is it worth "
        "knowing that the look-up is such a product?",
        "It gives the gradient without further thought: dE = S^T dy, which adds up "
        "the rows of repeated tokens. And it says that an embedding is an ordinary "
        "dense layer without bias, whose input happens to be almost all zeros.",
    ),
    Question(
        "09.e2",
        "Show that no weights b, w make naive Bayes right on `good` (for), `dull` "
        "(against), `not good` (against) and `not dull` (for).",
        "For: b + g > 0 and b + n + d > 0, together 2b + g + n + d > 0. Against: "
        "b + d < 0 and b + n + g < 0, together 2b + g + n + d < 0. The same sum cannot "
        "be both. It is the exclusive or, in words.",
    ),
    Question(
        "09.e3",
        "Repair the derivation: (1) the loss is 2.0 nats a letter; (2) a nat is e "
        "choices; (3) so the model chooses among 2.0 · e = 5.4 letters.",
        "Nats add up where choices multiply: one nat is a factor of e, two nats are "
        "e · e = 7.4. The perplexity is exp(2.0), not 2.0 times e.",
    ),
    Question(
        "09.e4",
        "Repair the code: `mask = ids > 1` stands in front of a GRU that should leave "
        "out padding only. Which sentences does it misread, and how?",
        "Those with unknown words: token 1 is masked too, so the state stands still "
        "there. `not splendid, but dull` is read as `not, but dull`. It must be "
        "`ids != 0`.",
    ),
    Question(
        "09.e5",
        "A shop has 300 complaints, sorted by hand into two kinds, with 4,000 "
        "different words in them. Naive Bayes or a GRU, and how would you find out?",
        "Naive Bayes first: it has one number a word and nothing to tune, and with 300 "
        "sentences a GRU has hardly met most of its words. Measure both on the same "
        "held-out complaints, over several splits; take the GRU only if it is better "
        "by more than the spread.",
    ),
    Question(
        "09.e6",
        "Two language models report perplexities of 8 and 120 on the same book. The "
        "first predicts letters, the second words of five and a half letters on "
        "average, blanks included. Which one is better?",
        "Per letter the second has ln 120 / 5.5 = 0.87 nats, a perplexity of 2.4; the "
        "first has ln 8 = 2.08 nats. The second is far better: perplexities compare "
        "only where the units are the same (and where unknown words are counted).",
    ),
)
