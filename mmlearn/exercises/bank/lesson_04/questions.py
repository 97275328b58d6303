"""Lesson 04: questions to recall later, and prompts to explain while reading."""

from mmlearn.exercises.exercise import Question

QUESTIONS = (
    Question(
        "04.q1",
        "A convolution's output has the gradient dy. What is the gradient of its bias?",
        "The sum of dy over the batch and all places, for each unit apart: every "
        "output of a unit contains that bias once.",
    ),
    Question(
        "04.q2",
        "Why does the backward pass of a convolution turn the kernel round?",
        "Forward, pixel m flows into output i through tap m − i. Seen from the pixel, "
        "the outputs before it use the later taps: the order is reversed.",
    ),
    Question(
        "04.q3",
        "A linear layer computes y = T x. What is dx, and why?",
        "dx = Tᵀ dy. T says how much of x_m is in y_i; going back, y_i tells x_m with "
        "the same number, so rows and columns change places.",
    ),
    Question(
        "04.q4",
        "What does a stride of 2 do in the backward pass?",
        "It puts a zero between any two numbers of dy; then all goes on as with "
        "stride 1. Pixels that no window has met get the gradient 0.",
    ),
    Question(
        "04.q5",
        "Convolution 3, maximum 2 with stride 2, convolution 3: how many pixels of the "
        "input does one output see along an axis?",
        "3, then 3 + 1·1 = 4, then 4 + 2·2 = 8: after the pooling, neighbours lie 2 "
        "input pixels apart.",
    ),
    Question(
        "04.q6",
        "Where does the checkerboard of a transposed convolution come from?",
        "Its stamps overlap unevenly where the kernel's size is no multiple of the "
        "stride: some pixels get more stamps than their neighbours.",
    ),
    Question(
        "04.q7",
        "How do you test a hand-written pullback of a linear layer with two random "
        "arrays and no calculus?",
        "Take random x and dy and compare ⟨dy, T x⟩ with ⟨dx, x⟩, dx from the "
        "pullback: both are the same number if the backward is the transpose.",
    ),
)

PROMPTS = (
    Question(
        "04.e1",
        "In forward order the taps are k0, k1, k2. A pixel in the middle meets them in "
        "which order when you go through the outputs from left to right, and why?",
        "k2, k1, k0. The leftmost window that holds the pixel reaches it with its last "
        "tap, the rightmost with its first. That is why dx is a sum with the kernel "
        "turned round.",
    ),
    Question(
        "04.e2",
        "A row of T belongs to one output. What belongs to a column, and why does that "
        "make the backward pass a product with the transpose?",
        "A column belongs to one input and holds the factor with which it stands in "
        "each output. dx_m adds up dy_i times these factors: column m times dy, which "
        "is row m of the transpose.",
    ),
    Question(
        "04.e3",
        "Which letters are summed in each of the three gradients, and how can you know "
        "it without a derivation?",
        "Those that the gradient's own array does not have. dkernel (p, q, c, u) sums "
        "over b, i, j; dx (b, row, column, c) sums over u and over the taps that meet "
        "the pixel; dbias (u) over b, i, j.",
    ),
    Question(
        "04.e4",
        "The colleague's line runs, and the loss falls. What is wrong with "
        "`dx[:, p:p + Ho, q:q + Wo] = dy @ kernel[p, q].T`, and why does the loss fall "
        "all the same?",
        "It overwrites: each pixel keeps only the message of the last tap that met it. "
        "It must be +=. The loss falls because the last layers and this layer's own "
        "kernel get their right gradients; only the layers below learn from a wrong "
        "message.",
    ),
    Question(
        "04.e5",
        "Which line of the derivation is wrong, and what is right?",
        "Line 2. The tap was solved for the wrong index: from m = i + p follows "
        "p = m − i, not i − m. So dx_m is the sum of dy_i k_(m − i), and line 3 falls "
        "with it: the kernel is turned, the border needs P − 1 zeros.",
    ),
    Question(
        "04.e6",
        "A network has seven 3 × 3 convolutions with stride 1 and no pooling. Its "
        "objects are 32 pixels wide. What does its last layer see, and what would you "
        "change?",
        "1 + 7·2 = 15 pixels: never a whole object. Two poolings or strides of 2 early "
        "in the network make the later layers' steps 2 and 4 pixels wide; or dilation. "
        "More layers of the same kind would need 16 for 33 pixels.",
    ),
    Question(
        "04.e7",
        "The forward pass of a strided convolution never looks at the last column of "
        "the picture. What is that column's gradient, and what does it mean for "
        "training?",
        "0: no output changes with it. Nothing in it can be learned, and a layer below "
        "gets no message for it. Padding or another size brings it into view.",
    ),
)
