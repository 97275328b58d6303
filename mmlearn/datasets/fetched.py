"""The registry's data sets that are downloaded: files, hashes, terms."""

from mmlearn.datasets.card import Entry, File


def _mnist_file(name, size, sha256):
    mirrors = (
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
    )
    return File(name, tuple(mirror + name for mirror in mirrors), sha256, size)


def _cora_file(name, size, sha256):
    mirrors = (
        "https://github.com/kimiyoung/planetoid/raw/master/data/",
        "https://raw.githubusercontent.com/kimiyoung/planetoid"
        "/af6abf468a772cc055bec88c52e4d6f51b7c37e3/data/",
    )
    return File(name, tuple(mirror + name for mirror in mirrors), sha256, size)


def _polarity_file(name, size, sha256):
    url = (
        "https://raw.githubusercontent.com/dennybritz/cnn-text-classification-tf"
        f"/18762b459e21d9c70e5c242f8d43fc4e6db37a0d/data/rt-polaritydata/{name}"
    )
    return File(name, (url,), sha256, size)


FETCHED = (
    Entry(
        name="mnist",
        title="MNIST: 70,000 handwritten digits, 28×28",
        kind="downloads",
        licence="no formal licence by its authors; commonly cited as CC BY-SA 3.0",
        citation="Y. LeCun, L. Bottou, Y. Bengio, P. Haffner (1998). Gradient-based"
        " learning applied to document recognition. Proceedings of the IEEE 86(11),"
        " 2278–2324.",
        homepage="http://yann.lecun.com/exdb/mnist/",
        loader="load_mnist()",
        offline="load_digits()",
        files=(
            _mnist_file(
                "train-images-idx3-ubyte.gz",
                9912422,
                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            ),
            _mnist_file(
                "train-labels-idx1-ubyte.gz",
                28881,
                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            ),
            _mnist_file(
                "t10k-images-idx3-ubyte.gz",
                1648877,
                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            ),
            _mnist_file(
                "t10k-labels-idx1-ubyte.gz",
                4542,
                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
            ),
        ),
    ),
    Entry(
        name="fsdd",
        title="Free Spoken Digit Dataset: 3,000 recordings, 6 speakers, 8 kHz",
        kind="downloads",
        licence="CC BY-SA 4.0",
        citation="Z. Jackson and contributors (2020). Free Spoken Digit Dataset,"
        " version 1.0.10.",
        homepage="https://github.com/Jakobovski/free-spoken-digit-dataset",
        loader="load_fsdd()",
        offline="load_spoken_digits()",
        files=(
            File(
                name="free-spoken-digit-dataset-1.0.10.tar.gz",
                urls=(
                    "https://github.com/Jakobovski/free-spoken-digit-dataset"
                    "/archive/refs/tags/v1.0.10.tar.gz",
                    "https://codeload.github.com/Jakobovski/free-spoken-digit-dataset"
                    "/tar.gz/refs/tags/v1.0.10",
                ),
                sha256=None,
                size=16_000_000,
                manifest="fsdd.txt",
                also=(
                    "free-spoken-digit-dataset-1.0.10-recordings.tar.gz",
                    "v1.0.10.tar.gz",
                ),
            ),
        ),
    ),
    Entry(
        name="cora",
        title="Cora: 2,708 papers, 5,278 citations, 7 topics",
        kind="downloads",
        licence="the repository is MIT; the citation data are distributed for research",
        citation="P. Sen, G. Namata, M. Bilgic, L. Getoor, B. Gallagher, T. Eliassi-Rad"
        " (2008). Collective classification in network data. AI Magazine 29(3), 93–106."
        " Files: Z. Yang, W. Cohen, R. Salakhutdinov (2016). Revisiting semi-supervised"
        " learning with graph embeddings. ICML.",
        homepage="https://github.com/kimiyoung/planetoid",
        loader="load_cora()",
        offline="load_digits_graph()",
        folder="planetoid/cora/raw",
        files=(
            _cora_file(
                "ind.cora.x",
                22119,
                "23cfa55d91c6f624233f5eb7b6e3f141f1bd2b2ae39608a63cf5d084bb27baab",
            ),
            _cora_file(
                "ind.cora.y",
                4054,
                "94465c14eb53e04ca262198dcbb2521ee8af60fb3f3d546cd6ca24a511b0e7d1",
            ),
            _cora_file(
                "ind.cora.tx",
                148025,
                "b9afbaa4a400df991f6f02ef677e1e44da55ffc04801fd02f9e673987829226a",
            ),
            _cora_file(
                "ind.cora.ty",
                28135,
                "41f5ac76596a1699cc33f53084a2419e92961c42bb75f36fc38e616d348532ad",
            ),
            _cora_file(
                "ind.cora.allx",
                257305,
                "9419ba2f26f5c35243db64aba110e0f35a04851609e0dc5433450676ca6b8543",
            ),
            _cora_file(
                "ind.cora.ally",
                47959,
                "2b998f5cc7fedc86e7f97ca2498f47a1ffc1462c29e2d578b23bf3f62b6e7d71",
            ),
            _cora_file(
                "ind.cora.graph",
                59847,
                "58f13302f39dde8852dad6fe6d15b89b077b6d7f837626bce671ef80344b383d",
            ),
            _cora_file(
                "ind.cora.test.index",
                5000,
                "297ce89af2b51a6a194181c7dbe1796c6a1cf9cd9349a88383b1b1e227867875",
            ),
        ),
    ),
    Entry(
        name="rt-polarity",
        title="Movie reviews (MR polarity): 10,662 sentences, for or against",
        kind="downloads",
        licence="no formal licence (a research distribution of Cornell University)",
        citation="B. Pang, L. Lee (2005). Seeing stars: exploiting class relationships"
        " for sentiment categorization with respect to rating scales. ACL, 115–124.",
        homepage="https://www.cs.cornell.edu/people/pabo/movie-review-data/",
        loader="load_movie_reviews()",
        offline="load_reviews()",
        files=(
            _polarity_file(
                "rt-polarity.pos",
                626395,
                "4134882974a28d0c7b5151256f0e33a6169984ee7372c279e673f1114f475d58",
            ),
            _polarity_file(
                "rt-polarity.neg",
                612506,
                "2d11cfbc790f1cd96d78339f41ce53ced1efa83cd22d37d6788fa3fe3d17e2fd",
            ),
        ),
    ),
    Entry(
        name="msr-action3d",
        title="MSR Action3D: 567 skeleton sequences, 20 actions, 10 people",
        kind="downloads",
        licence="unclear: research data, published without a licence text",
        citation="W. Li, Z. Zhang, Z. Liu (2010). Action recognition based on a bag of"
        " 3D points. CVPR Workshops, 9–14.",
        homepage="https://sites.google.com/view/wanqingli/data-sets/msr-action3d",
        loader="load_skeletons()",
        offline="simulate_skeletons()",
        files=(
            File(
                name="covMSRAction3D.zip",
                urls=(
                    "https://github.com/skyleBrains/covMSRAction3D/archive"
                    "/bf5bcefc35a6f90302f9c13e4810254af2eba90f.zip",
                ),
                sha256=None,
                size=12_000_000,
                manifest="msr-action3d.txt",
                also=(
                    "MSRAction3DSkeletonReal3D.zip",
                    "bf5bcefc35a6f90302f9c13e4810254af2eba90f.zip",
                ),
            ),
        ),
    ),
)
