"""What can be turned in the simulated world."""

from dataclasses import dataclass, field, fields

from mmlearn.datasets.card import DataError

MODALITIES = ("graph", "sound", "text", "video")  # sorted: the order everywhere
SEEN, SAID = ("graph", "video"), ("sound", "text")  # the halves of a cipher
LATEST = 0.3  # s, the most that the sound may come early or late
_NOISE = {"graph": 0.15, "sound": 0.15, "text": 0.2, "video": 0.1}
_STATIC = {"graph": 0.0, "sound": 0.01, "text": 0.0, "video": 0.04}


@dataclass(frozen=True)
class Dials:
    """How much each modality tells, and how well it can be read.

    The first six act on the script, so that their effect on the best possible accuracy
    can be computed (`ceiling`); the others only make it harder to get there. A modality
    that a dict leaves out keeps its default.

    Args:
        noise: modality → how likely its copy of a script variable is a wrong one;
            unequal, it puts the modalities out of balance.
        missing: modality → how likely a clip lacks it; by default 0.
        imbalance: how many times as frequent a task's first class is as its last.
        redundancy: share of clips whose modalities err together: in the same clips, by
            the same step. Then a second modality corrects nothing.
        uniqueness: share of clips in which only a variable's own modality tells it; the
            others show any value.
        synergy: share of clips in cipher: picture and graph show z − k, sound and text
            k, modulo the number of values, k drawn anew. Either alone is at chance.
        static: modality → s.d. of the noise in grey levels (video) and samples (sound);
            how likely a word is mumbled (text), an edge is lost (graph).
        offset: by how much the sound comes late, s; negative: early.
        shift: 0 to 1, how far the world's looks move: its colours, the voices' speed,
            words for other words of the same meaning.
    """

    noise: dict[str, float] = field(default_factory=dict)
    missing: dict[str, float] = field(default_factory=dict)
    imbalance: float = 1.0
    redundancy: float = 0.0
    uniqueness: float = 0.0
    synergy: float = 0.0
    static: dict[str, float] = field(default_factory=dict)
    offset: float = 0.0
    shift: float = 0.0

    def __post_init__(self):
        none = dict.fromkeys(MODALITIES, 0.0)
        for name, default in (
            ("noise", _NOISE),
            ("missing", none),
            ("static", _STATIC),
        ):
            given = getattr(self, name)
            unknown = sorted(set(given) - set(MODALITIES))
            if unknown:
                raise DataError(
                    f"Dials: {name} of {', '.join(map(repr, unknown))}; expected"
                    f" {', '.join(MODALITIES)}"
                )
            object.__setattr__(self, name, {**default, **given})
        shares = {
            f"{n}[{m!r}]": v
            for n in ("noise", "missing", "static")
            for m, v in getattr(self, n).items()
        }
        shares |= {n: getattr(self, n) for n in ("redundancy", "uniqueness", "synergy")}
        for name, value in (shares | {"shift": self.shift}).items():
            if not 0 <= value <= 1:
                raise DataError(f"Dials: {name} is {value}; expected 0 to 1")
        if not self.imbalance > 0 or not abs(self.offset) <= LATEST:
            raise DataError(
                f"Dials: imbalance {self.imbalance}, offset {self.offset} s; expected"
                f" above 0, and at most {LATEST} s either way"
            )

    def as_dict(self):
        """The dials as plain numbers, for a file."""
        return {f.name: getattr(self, f.name) for f in fields(self)}
