"""Lesson 03: questions to recall later, and prompts to explain while reading."""

from mmlearn.exercises.exercise import Question

QUESTIONS = (
    Question(
        "03.q1",
        "A 5 × 5 kernel moves over 32 × 32 pixels, stride 1, no padding. How large "
        "is the output?",
        "28 × 28: on each axis 32 − 5 + 1 windows fit.",
    ),
    Question(
        "03.q2",
        "How many weights does a layer have that turns 16 channels into 8 with 3 × 3 "
        "kernels and a bias?",
        "3·3·16·8 + 8 = 1,160: one kernel of 3 × 3 × 16 for each output channel, and "
        "one bias each. The size of the picture does not matter.",
    ),
    Question(
        "03.q3",
        "What is the difference between convolution and cross-correlation, and which "
        "one does a deep learning layer compute?",
        "Convolution flips the kernel (x with index i − p), cross-correlation does not "
        "(i + p). The layer computes cross-correlation.",
    ),
    Question(
        "03.q4",
        "What does dilation 3 do to a kernel of 3 taps?",
        "The taps stand 3 pixels apart, so that the window spans 3·(3 − 1) + 1 = 7 "
        "pixels with still only three weights.",
    ),
    Question(
        "03.q5",
        "Why does a convolution need far fewer weights than a dense layer?",
        "Each output looks at a small window only, and all windows share one kernel.",
    ),
    Question(
        "03.q6",
        "Your pictures move one pixel to the right. What happens to the output of a "
        "convolution, and what to that of a max pooling?",
        "The convolution's output moves by one pixel too. Of the pooling's output "
        "little changes: the largest value often stays in its block.",
    ),
)

PROMPTS = (
    Question(
        "03.e1",
        "A network that learns its kernels does not care whether the library flips "
        "them. Why?",
        "The kernel is learned. If the library flips, training finds the mirror "
        "image, and the same sums come out. It matters when kernels are written by "
        "hand, compared with a formula, or moved to another program.",
    ),
    Question(
        "03.e2",
        "Where do the few weights come from: because the window is small, or because "
        "the windows share them? Compute the number with small windows that are "
        "not shared.",
        "From both. With small windows but own weights at each place there are "
        "26·26·32·(27 + 1) = 605,696 weights: 84 times fewer than dense. Sharing "
        "them over the 676 places leaves 896.",
    ),
    Question(
        "03.e3",
        "What does `[w[::-1] for w in model.get_weights()]` do to each kind of "
        "weight, and what should the cure do?",
        "It turns the first axis of everything. Of a convolution's kernel it flips "
        "the rows and leaves the columns: half of the cure. It also turns round "
        "every bias and the rows of the dense layer's kernel, which nobody had "
        "flipped. Right: `w[::-1, ::-1]` for arrays of four axes, and the others as "
        "they are.",
    ),
    Question(
        "03.e4",
        "Which two lines of the derivation are wrong, and what is the right number "
        "of windows?",
        "Line 1: five taps have four gaps, so the span is 2·4 + 1 = 9 pixels, and "
        "the last start is 28 − 9 = 19. Line 3: one must count the window at 0 too. "
        "Starts are 0, 1, …, 19: that is 20 windows.",
    ),
    Question(
        "03.e5",
        "Two 3 × 3 convolutions, one after the other, stride 1: how large a piece of "
        "the input does one output pixel see?",
        "5 × 5. One pixel of the second layer sees 3 × 3 pixels of the first, and "
        "their windows together cover 5 × 5 of the input.",
    ),
    Question(
        "03.e6",
        "The thing to find is always in the top left corner of a 100 × 100 picture. "
        "What does a convolution give away, and what would you use?",
        "It searches everywhere with the same weights and cannot know that only the "
        "corner matters. Cut the corner out and use a small dense layer; or give the "
        "position to the network as further channels.",
    ),
)
