"""A body that moves, and what one number of a layer depends on there.

As with the other widgets the browser computes (`skeleton_widget.js`), and Python keeps
and checks the state, computes the same cover, and draws the still twin.
"""

import matplotlib as mpl
import numpy as np
import traitlets

from mmlearn.axes import ShapeError, expect_shape
from mmlearn.show.figure import ACCENT, POSITIVE, mosaic
from mmlearn.show.skeleton import draw_skeleton
from mmlearn.show.still import StillWidget, source

ALONG = ("bones and time", "bones", "time")


class SkeletonWidget(StillWidget):
    """Films of a body; a joint in a frame, and all that it depends on after L layers.

    A layer sends messages one bone far, and convolves over `kernel_size` frames, around
    each frame. Without one of the two, `along` the other only.

    Args:
        films: list of (T, N, D) positions, m; x to the right, y up, the rest unseen.
        bones: pairs of joints.
        film_names, joint_names: what they are called; by default numbers.
        film: which one is shown. joint, frame: who listens. layers: L, from 0 to 8.
        kernel_size: 3, 5 or 9 frames. along: "bones and time", "bones" or "time".

    All but the first are traits; `needed` and `covered` have what becomes of them.

    Raises:
        ShapeError: for films that are none. traitlets.TraitError: for a setting out of
            range.

    >>> film = np.random.default_rng(0).normal(size=(9, 3, 2))
    >>> arm = SkeletonWidget([film], [(0, 1), (1, 2)], joint=2, frame=4, layers=1)
    >>> arm.covered[4], arm.covered[:, 2].sum()  # itself and one bone, in three frames
    (array([False,  True,  True]), np.int64(3))
    """

    _esm = source("sliders.js", "skeleton_widget.js")
    _css = source("sliders.css", "skeleton_widget.css")

    films = traitlets.Any().tag(sync=True)  # T × N pairs of x, y each
    film_names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    bones = traitlets.List(traitlets.List(traitlets.Int())).tag(sync=True)
    joint_names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    rows = traitlets.List(traitlets.Int()).tag(sync=True)  # joints from limb to limb
    film = traitlets.Int(0, min=0).tag(sync=True)
    joint = traitlets.Int(0, min=0).tag(sync=True)
    frame = traitlets.Int(0, min=0).tag(sync=True)
    layers = traitlets.Int(1, min=0, max=8).tag(sync=True)
    kernel_size = traitlets.Enum([3, 5, 9], 3).tag(sync=True)
    along = traitlets.Enum(list(ALONG), ALONG[0]).tag(sync=True)

    def __init__(self, films, bones, *, film_names=None, joint_names=None, **settings):
        sizes: dict[str, int] = {}
        for number, film in enumerate(films):
            where, film = f"film {number}", np.asarray(film)
            sizes = expect_shape("SkeletonWidget", where, film, "* N D", sizes=sizes)
        if not films or sizes["D"] < 2:
            raise ShapeError(
                f"SkeletonWidget: {len(films)} films of {sizes.get('D', 0)} numbers a"
                " joint; expected one film at least, with x and y"
            )
        bones = np.asarray(bones).reshape(-1, 2).tolist()
        joints = range(sizes["N"])
        super().__init__(
            films=[np.round(film, 3)[..., :2].tolist() for film in films],
            film_names=[str(n) for n in film_names or range(len(films))],
            bones=bones,
            joint_names=[str(n) for n in joint_names or joints],
            rows=_walk(bones, len(joints)),
            **settings,
        )

    @traitlets.validate("film", "joint", "frame")
    def _known(self, proposal):
        name, shown = (
            proposal.trait.name,
            self.films[min(self.film, len(self.films) - 1)],
        )
        count = {"film": self.films, "joint": shown[0], "frame": shown}[name]
        if proposal.value >= len(count):
            raise traitlets.TraitError(
                f"SkeletonWidget: {name} is {proposal.value}; expected 0 to "
                f"{len(count) - 1}"
            )
        return proposal.value

    @property
    def needed(self):
        """(T, N) the layer in which each joint of each frame is first heard, or inf."""
        far = _hops(self.bones, len(self.joint_names), self.joint)
        away = np.abs(np.arange(len(self.films[self.film])) - self.frame)
        time = np.ceil(away / ((self.kernel_size - 1) / 2))
        if self.along == "time":
            far = np.where(far > 0, np.inf, 0)
        if self.along == "bones":
            time = np.where(away > 0, np.inf, 0)
        layer = np.maximum(time[:, None], far)
        return np.where(layer <= self.layers, layer, np.inf)

    @property
    def covered(self):
        """(T, N) bool: what the joint in its frame depends on after all layers."""
        return np.isfinite(self.needed)

    def still(self, title=""):
        """The same as a still figure: the body in its frame, and joints by frames."""
        needed, order = self.needed, self.rows
        name, film = self.joint_names[self.joint], np.array(self.films[self.film])
        frames, joints = (int(self.covered.any(axis=k).sum()) for k in (1, 0))
        told = f"{joints} of {len(order)} joints in {frames} of {len(film)} frames"
        figure, axes = mosaic(
            [["body", "table", "table"]],
            size=(10, 4.3),
            title=title,
            alt=f"After {self.layers} layers the {name} in frame {self.frame} depends "
            f"on {told}.",
        )
        share = np.where(np.isfinite(needed), 1 - 0.09 * needed, 0)
        axes["body"].set_title(f"frame {self.frame}")
        draw_skeleton(
            axes["body"],
            film[self.frame],
            self.bones,
            values=share[self.frame],
            marked=(self.joint,),
        )
        axes["body"].set(xlabel="x (m)", ylabel="y (m)")
        axes["body"].margins(x=0.15)
        axis = axes["table"]
        cells = np.ones((len(order), len(film), 4))
        cells[..., :3] = mpl.colors.to_rgb(POSITIVE)
        cells[..., 3] = share.T[order]
        axis.imshow(cells, aspect="auto", interpolation="nearest")
        axis.hlines(np.arange(0.5, len(order)), -0.5, len(film) - 0.5, "white", lw=1)
        axis.vlines(np.arange(0.5, len(film)), -0.5, len(order) - 0.5, "white", lw=1)
        axis.plot(
            self.frame, order.index(self.joint), "o", mfc="none", mec=ACCENT, mew=2
        )
        axis.grid(False)
        axis.set_yticks(range(len(order)), [self.joint_names[n] for n in order])
        axis.set(xlabel="frame", title=f"{self.layers} layers: {told}")
        axis.tick_params(axis="y", labelsize=8)
        return figure


def _hops(bones, joints, joint):
    """(N,) how many bones lie between a joint and each; inf: no way."""
    far = np.full(joints, np.inf)
    far[joint] = 0
    for _ in range(joints):
        for u, v in bones:
            far[v] = min(far[v], far[u] + 1)
            far[u] = min(far[u], far[v] + 1)
    return far


def _walk(bones, joints):
    """All joints, each limb's one after another, from the first bone's first joint."""
    order, waiting = [], [*range(joints)[::-1], bones[0][0] if bones else 0]
    while waiting:
        joint = waiting.pop()
        if joint not in order:
            order.append(joint)
            ends = [v if u == joint else u for u, v in bones if joint in (u, v)]
            waiting += ends[::-1]
    return order
