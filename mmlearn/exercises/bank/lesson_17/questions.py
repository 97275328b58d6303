"""Lesson 17: questions to recall later, and prompts to explain while reading."""

from mmlearn.exercises.exercise import Question

QUESTIONS = (
    Question(
        "17.q1",
        "InfoNCE is a cross-entropy. Over what is its softmax, and what takes the "
        "place of the label?",
        "Over the similarities of one query with all keys of the batch. The place of "
        "its partner takes the label's: row b has label b. Nobody needs to name a "
        "class. The same is asked of every key.",
    ),
    Question(
        "17.q2",
        "A network trained on pairs reports a loss of 0.000 from the first step on. "
        "Name the likely cause.",
        "Batches of one pair: without strangers the softmax has one entry, the loss is "
        "ln 1 = 0 and the gradient is zero. Nothing is learned.",
    ),
    Question(
        "17.q3",
        "What does a low temperature do to the push away from strangers, and when does "
        "that do harm?",
        "The softmax sharpens: only the nearest strangers push. If the nearest ones "
        "mean the same as the partner, the push goes to the wrong ones.",
    ),
    Question(
        "17.q4",
        "ln B minus the InfoNCE loss is a lower bound of the mutual information. Name "
        "two reasons why it can be far from it.",
        "It cannot exceed ln B, however much the two share. And it is a bound for the "
        "mean over new pairs: on training pairs learned by heart it exceeds the truth.",
    ),
    Question(
        "17.q5",
        "Why are vectors divided by their lengths before they are compared, and what "
        "does that do to the gradient?",
        "Otherwise a lower loss can be had by longer vectors alone. What points along "
        "the vector is taken out of the gradient: it only turns the vector.",
    ),
    Question(
        "17.q6",
        "Recall@5 of a search among 1,000 pictures is 0.02. Is that good?",
        "Chance is 5 in 1,000, 0.005, if one picture is right: four times chance. Ask "
        "what a simple baseline reaches, and how many pictures count as right.",
    ),
    Question(
        "17.q7",
        "What is zero-shot classification, and which names can find a class that no "
        "training pair has shown?",
        "Name classes in the other modality and take the nearest name: no labelled "
        "sample of the task is needed. For a class never met the name must have parts "
        "that were met elsewhere, such as a known colour and a known shape.",
    ),
    Question(
        "17.q8",
        "You have an encoder trained on a thousand unlabelled pairs, and ten labels. "
        "Freeze it or fine-tune it?",
        "Freeze it, or fine-tune at a low rate: with few labels many free weights "
        "learn them by heart. With many labels fine-tuning may gain. Decide on "
        "validation data.",
    ),
    Question(
        "17.q9",
        "What must hold of two views so that co-training can work?",
        "Each view alone must be enough to tell the class, and given the class the two "
        "must be nearly independent: then what one is sure of is a random, new example "
        "to the other.",
    ),
    Question(
        "17.q10",
        "How does co-training differ from self-training, and which mistake do both "
        "make?",
        "In co-training each view gets labels that the other was sure of; in "
        "self-training it gets its own. Both take what they guessed for the truth: a "
        "wrong guess made early stays and teaches.",
    ),
)

PROMPTS = (
    Question(
        "17.e1",
        "Along the query itself the gradient is zero. Show it in one line, and say "
        "what it means for a step.",
        "The projection takes it out: q̂ · (g − (g · q̂) q̂) = 0, for q̂ has length 1. A "
        "small step turns the query and leaves its length alone, to first order.",
    ),
    Question(
        "17.e2",
        "Here the pairs share ln 10 nats at most. On the training pairs ln B − L came "
        "to more. Is the theorem wrong?",
        "No: it speaks of the mean over new pairs. The training pairs were seen again "
        "and again; which sound belongs to which picture can be learned by heart, and "
        "that is no information about new pairs. The validation pairs stay below.",
    ),
    Question(
        "17.e3",
        "Two classes were left out of all pairs. Their images and their sounds were "
        "seen, each alone. Why can no method tell which goes with which, if names are "
        "arbitrary? And why does one class left out not show this?",
        "Nothing that was seen relates these shapes to these sounds: exchange the two "
        "names, and all data stay as probable as before. Only a regularity of how "
        "names are made can help: parts met elsewhere. One class alone is found by "
        "exclusion: what fits no other shape goes with what fits no other sound.",
    ),
    Question(
        "17.e4",
        "Repair this derivation. 1. L_b = −s_bb + log Σ_j exp(s_bj). 2. ∂L_b/∂s_bj = "
        "p_bj for j ≠ b. 3. ∂L_b/∂s_bb = −1. 4. s_bj = q_b · k_j / τ, so ∂L_b/∂q_b = "
        "(the sum over j ≠ b of p_bj k_j, minus k_b) / τ.",
        "Line 3: s_bb stands in the sum as well, so ∂L_b/∂s_bb = p_bb − 1. Then the "
        "gradient is (Σ_j p_bj k_j − k_b) / τ over all j: the pull ends when p_bb is "
        "1. By line 3 it would never end.",
    ),
    Question(
        "17.e5",
        "A colleague trains on pairs with batches of 50 and finds: the loss stays at "
        "ln 50 − ln 5 at best, whatever she does. There are ten classes, and a batch "
        "is drawn at random. Is something broken?",
        "No. About five of 50 pairs are of one class; if a pair has nothing in common "
        "but its class, nobody can tell these five apart: the loss cannot fall below "
        "about ln 5. She confuses it with ln 50 − ln 5 = ln 10, which is what is "
        "learned.",
    ),
    Question(
        "17.e6",
        "Videos give pairs of picture and sound for nothing. Somebody trains on "
        "batches of 64 pairs taken one after another from the same video. What goes "
        "wrong, and how would you see it?",
        "Neighbours in a video mean nearly the same: the strangers are doubles, and "
        "are pushed away. The loss stays high, retrieval among different videos stays "
        "poor. Shuffle across videos, or leave doubles out of the denominator; and "
        "measure recall on unseen videos.",
    ),
    Question(
        "17.e7",
        "Frozen features give 0.90 with one label of each digit. A friend says: so "
        "labels are worthless. What has she overlooked in how these pairs were made?",
        "The pairs were made by label: an image was paired with a sound of the same "
        "digit. The digit is all they share, so the loss could only find the digit. "
        "Pairs from the world share more, less, or something else: place, speaker, "
        "time of day.",
    ),
)
