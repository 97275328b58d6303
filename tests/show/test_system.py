"""The diagram of a whole model."""

from mmlearn import show

LANES = {"sound": ["waveform", "log-mel", "CNN\nGRU"], "text": ["words", "GRU"]}


def test_every_box_stands_in_the_picture_and_in_its_description():
    figure = show.system(LANES, "deep fusion", {"class": "10", "score": "−1 to 1"})
    texts = {t.get_text() for t in figure.axes[0].texts}
    assert {"waveform", "CNN\nGRU", "deep fusion", "class\n10", "sound"} <= texts
    for word in ("log-mel → CNN GRU", "text: words → GRU", "heads: class, score"):
        assert word in figure.alt
    boxes = [patch.get_bbox() for patch in figure.axes[0].patches]
    assert len(boxes) == 5 + 1 + 2
    for k, one in enumerate(boxes):  # none upon another
        for other in boxes[k + 1 :]:
            apart = one.x1 < other.x0 or other.x1 < one.x0
            assert apart or one.y1 < other.y0 or other.y1 < one.y0


def test_the_last_boxes_are_aligned():
    figure = show.system(LANES, "fusion", {"class": "10"})
    right = sorted({round(p.get_bbox().x1, 6) for p in figure.axes[0].patches})
    lasts = [
        p.get_bbox().x1 for p in (figure.axes[0].patches[2], figure.axes[0].patches[4])
    ]
    assert lasts[0] == lasts[1] and lasts[0] == right[2]
