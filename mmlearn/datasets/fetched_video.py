"""The registry's recorded videos and what was taken from them: files, hashes, terms.

Of sets of many files the manifests list `sha256 size path`, one line for each.
"""

from importlib import resources

from mmlearn.datasets.card import Entry, File

_RAW = "https://raw.githubusercontent.com"
_MOSI = (
    f"{_RAW}/declare-lab/contextual-utterance-level-multimodal-sentiment-analysis"
    "/3874cf25a7fbda75df27ee65b297afa781d7f32c/data/"
)
_GRID = f"{_RAW}/rizkiarm/LipNet/master/evaluation/samples/"
_FIGHTS = (
    f"{_RAW}/seymanurakti/fight-detection-surv-dataset"
    "/ff83b7c521e5ca4eb67a212cc42dbc54f39d6290/"
)


def _listed(manifest, base):
    """A `File` for each line of a manifest; people keep them in folders, or not."""
    text = (resources.files(__package__) / "manifests" / manifest).read_text("utf-8")
    files = []
    for line in text.splitlines():
        sha256, size, path = line.split()
        name = path.rpartition("/")[2]
        also = () if name == path else (path,)
        files.append(File(name, (base + path,), sha256, int(size), also=also))
    return tuple(files)


VIDEO = (
    Entry(
        name="cmu-mosi-bclstm",
        title="CMU-MOSI: 2,199 opinions on film, 93 videos; text and shipped features",
        kind="downloads",
        licence="MOSI: for academic research; the release itself states no licence",
        citation="A. Zadeh, R. Zellers, E. Pincus, L.-P. Morency (2016). MOSI:"
        " multimodal corpus of sentiment intensity and subjectivity analysis in online"
        " opinion videos. arXiv:1606.06259. Features: S. Poria, E. Cambria,"
        " D. Hazarika, N. Majumder, A. Zadeh, L.-P. Morency (2017). Context-dependent"
        " sentiment analysis in user-generated videos. ACL.",
        homepage="https://github.com/declare-lab"
        "/contextual-utterance-level-multimodal-sentiment-analysis",
        loader="load_mosi()",
        offline="load_reviews()",
        files=_listed("cmu-mosi-bclstm.txt", _MOSI),
        folder="cmu-mosi-bclstm/data",
    ),
    Entry(
        name="surv-fight",
        title="Surveillance cameras: 60 clips of 2 s, 30 with a fight, most with sound",
        kind="downloads",
        licence="the repository is MIT; the rights in the clips (YouTube) are unclear",
        citation="Ş. Aktı, G. A. Tataroğlu, H. K. Ekenel (2019). Vision-based fight"
        " detection from surveillance cameras. IPTA.",
        homepage="https://github.com/seymanurakti/fight-detection-surv-dataset",
        loader="load_fights()",
        offline="load_clip()",
        files=_listed("surv-fight.txt", _FIGHTS),
    ),
    Entry(
        name="grid-av",
        title="GRID: 11 spoken sentences, seen and heard, of 3 s",
        kind="downloads",
        licence="unclear: the corpus is for research; the repository with these is MIT",
        citation="M. Cooke, J. Barker, S. Cunningham, X. Shao (2006). An audio-visual"
        " corpus for speech perception and automatic speech recognition. JASA 120(5),"
        " 2421–2424.",
        homepage="https://spandh.dcs.shef.ac.uk/gridcorpus/",
        loader="load_grid()",
        offline="load_clip()",
        files=_listed("grid-av.txt", _GRID),
    ),
    Entry(
        name="ucf101-vgg16",
        title="UCF101: VGG-16 features of 25 frames, 240 videos of 8 actions",
        kind="downloads",
        licence="unclear: derived from UCF101, the repository states no licence",
        citation="K. Soomro, A. R. Zamir, M. Shah (2012). UCF101: a dataset of 101"
        " human actions classes from videos in the wild. CRCV-TR-12-01.",
        homepage="https://github.com/tyagi-iiitv/UCF101_release",
        loader="load_ucf101_features()",
        offline="simulate_skeletons()",
        files=(
            File(
                name="ucf101_vgg16_relu6_8class.npz",
                urls=(),
                sha256=None,
                size=29_312_190,
                manifest="ucf101-vgg16.txt",
                how="Clone https://github.com/tyagi-iiitv/UCF101_release (commit"
                " 08e3b1d), and mmlearn.datasets.pack_ucf101_features(its folder) makes"
                " the file",
                largest=40_000_000,
            ),
        ),
    ),
)
