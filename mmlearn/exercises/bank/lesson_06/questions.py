"""Lesson 06: questions to recall later, and prompts to explain while reading."""

from mmlearn.exercises.exercise import Question

QUESTIONS = (
    Question(
        "06.q1",
        "A dense layer has 200 inputs and a ReLU behind it. Which variance should its "
        "fresh weights have, and why not 1?",
        "2/200 = 0.01. A sum of 200 products with weights of variance 1 is 200 times "
        "as large, in E[y²], as its inputs; the 2 makes up for what the ReLU sets to "
        "zero.",
    ),
    Question(
        "06.q2",
        "Along a direction with curvature λ, for which learning rates does gradient "
        "descent converge?",
        "For 0 < η < 2/λ: each step multiplies the distance by 1 − ηλ, which must lie "
        "between −1 and 1.",
    ),
    Question(
        "06.q3",
        "What do the two means m and v of Adam hold, and why are they corrected?",
        "Running means of the gradient and of its square. Both begin at zero, so after "
        "t steps they hold only 1 − βᵗ of a whole mean.",
    ),
    Question(
        "06.q4",
        "Over which numbers does batch norm take its mean, over which layer norm, and "
        "which of them needs moving statistics?",
        "Batch norm: one feature over the batch. Layer norm: one sample over its "
        "features. Only batch norm needs moving statistics, because one sample alone "
        "has no batch.",
    ),
    Question(
        "06.q5",
        "Why does a residual connection help the gradient to reach the first layers?",
        "y = x + f(x) passes dy on unchanged and adds the branch's part. The factors "
        "along the chain are 1 plus something, not a product of small numbers.",
    ),
    Question(
        "06.q6",
        "The training loss of a ten-class problem stands at 2.303 from the first epoch "
        "on. What do you suspect?",
        "2.303 is ln 10: the logits do not depend on the input. A signal that dies on "
        "its way (weights too small, dead ReLUs) or a part that gets no gradient.",
    ),
    Question(
        "06.q7",
        "Why is the loss multiplied by a large number in float16 training, and what "
        "has to be done afterwards?",
        "Small gradients would round to zero, below 3e-8. A factor lifts all of them "
        "into the range; before the optimizer they are divided by it again.",
    ),
)

PROMPTS = (
    Question(
        "06.e1",
        "Where in the derivation was it used that the weights have mean 0 and are "
        "independent of the inputs? What happens to E[y²] if all weights are equal?",
        "E[w_f w_g x_f x_g] is zero for f ≠ g only because the weights are independent "
        "and have mean 0. If all weights are equal to w, the sum is w Σ x_f: its mean "
        "square grows like F² if the x have a common sign, and all units compute the "
        "same.",
    ),
    Question(
        "06.e2",
        "Why does the long side of a narrow valley make gradient descent slow, "
        "although the gradient there points the right way?",
        "The learning rate must stay below 2/λ of the steepest direction. Along the "
        "flat one each step then removes only the share ηλ of the flat λ, a small part "
        "of what is left.",
    ),
    Question(
        "06.e3",
        "Batch norm's dx is at right angles to a vector of ones and (for ε = 0) to z. "
        "Say without a formula why that must be so.",
        "Adding the same number to a feature in the whole batch, or multiplying it, "
        "changes no output. So the loss does not change in these directions, and the "
        "gradient has no part along them.",
    ),
    Question(
        "06.e4",
        "A colleague derives Adam's correction and writes: after t steps m has summed "
        "t gradients with the weight 1 − β each, so divide by t (1 − β). Which line is "
        "wrong, and what is right?",
        "The weights are not equal: the gradient of k steps ago has (1 − β) βᵏ. Their "
        "sum is a geometric series, (1 − β)(1 + β + … + βᵗ⁻¹) = 1 − βᵗ. Divide by "
        "that.",
    ),
    Question(
        "06.e5",
        "What is wrong with the colleague's cure `layer.momentum = 0.0` for batch norm "
        "in inference?",
        "The moving statistics become those of the last training batch alone. They do "
        "not lag, but they are as noisy as 32 images. Inference then depends on which "
        "batch came last.",
    ),
    Question(
        "06.e6",
        "Your training loss falls and your validation loss stands still from the first "
        "epoch on. Name three possible causes and one test for each.",
        "Too few images: train on half of them and see whether the gap grows. "
        "Validation is prepared in another way (scaling, colours, classes): measure "
        "the training images through the validation path. Batch norm or dropout in the "
        "wrong mode: evaluate training images with training=False.",
    ),
    Question(
        "06.e7",
        "bfloat16 has 8 bits for the exponent, as float32, and only 7 for the "
        "fraction. Which of float16's troubles does it not have, and which does it "
        "have worse?",
        "Its range is that of float32, so gradients do not underflow and no loss scale "
        "is needed. Its steps are coarser: 256 + 1 is still 256, in float16 2048 + 1 "
        "is the first such sum. So sums and weights stay in float32.",
    ),
)
