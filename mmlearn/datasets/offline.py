"""The registry's data sets that need no network: shipped, of a library, or made."""

from mmlearn.datasets.card import Entry

OFFLINE = (
    Entry(
        name="digits",
        title="scikit-learn's 1,797 handwritten digits, 8×8",
        kind="library",
        licence="CC BY 4.0 (UCI Machine Learning Repository)",
        citation="E. Alpaydin, C. Kaynak (1998). Cascading classifiers. Kybernetika"
        " 34(4), 369–374.",
        homepage="https://archive.ics.uci.edu/dataset/80",
        loader="load_digits()",
        offline="load_digits()",
    ),
    Entry(
        name="digits_graph",
        title="scikit-learn's 1,797 digits as a graph of nearest neighbours",
        kind="library",
        licence="CC BY 4.0 (UCI Machine Learning Repository)",
        citation="E. Alpaydin, C. Kaynak (1998). Cascading classifiers. Kybernetika"
        " 34(4), 369–374.",
        homepage="https://archive.ics.uci.edu/dataset/80",
        loader="load_digits_graph()",
        offline="load_digits_graph()",
    ),
    Entry(
        name="karate",
        title="Zachary's karate club: 34 people, 78 ties, two clubs",
        kind="library",
        licence="a published table, no licence stated",
        citation="W. W. Zachary (1977). An information flow model for conflict and"
        " fission in small groups. Journal of Anthropological Research 33(4), 452–473.",
        homepage="https://networkx.org/documentation/stable/reference/generators.html",
        loader="load_karate_club()",
        offline="load_karate_club()",
    ),
    Entry(
        name="spoken_digits",
        title="Ten spoken digits, synthesized, several voices, 8 kHz",
        kind="ships",
        licence="CC BY 4.0",
        citation="The mmlearn authors; synthesized with eSpeak NG, no person recorded.",
        homepage="https://github.com/espeak-ng/espeak-ng",
        loader="load_spoken_digits()",
        offline="load_spoken_digits()",
    ),
    Entry(
        name="clip",
        title="One short clip with sound and subtitles",
        kind="ships",
        licence="CC BY 4.0",
        citation="The mmlearn authors; no recording of anybody.",
        homepage="",
        loader="load_clip()",
        offline="load_clip()",
    ),
    Entry(
        name="reviews",
        title="2,000 short film reviews out of a grammar, for or against",
        kind="ships",
        licence="CC BY 4.0",
        citation="The mmlearn authors; simulated, nobody's opinion.",
        homepage="",
        loader="load_reviews()",
        offline="load_reviews()",
    ),
    Entry(
        name="verses",
        title="English verses of the 18th and 19th century, to be read by the letter",
        kind="ships",
        licence="public domain (the poems); CC BY 4.0 (the selection)",
        citation="Blake, Poe, Lear, Carroll, Stevenson and others,"
        " 1794–1885; typed and selected by the mmlearn authors.",
        homepage="",
        loader="load_text()",
        offline="load_text()",
    ),
    Entry(
        name="mnist1d",
        title="MNIST-1D: 6,000 one-dimensional digits of 40 values, made by a recipe",
        kind="made",
        licence="the recipe and its ten templates: Apache-2.0 (S. Greydanus, D. Kobak)",
        citation="S. Greydanus, D. Kobak (2024). Scaling down deep learning with"
        " MNIST-1D. ICML.",
        homepage="https://github.com/greydanus/mnist1d",
        loader="load_mnist1d()",
        offline="load_mnist1d()",
    ),
    Entry(
        name="stick_figures",
        title="Stick figures: 240 simulated skeleton sequences, 6 actions, 10 bodies",
        kind="made",
        licence="CC BY 4.0",
        citation="The mmlearn authors; simulated, no person recorded.",
        homepage="",
        loader="simulate_skeletons()",
        offline="simulate_skeletons()",
    ),
)
