"""`mmlearn verdict FILE`: a raw film to what is seen and heard in it, with times."""

import json
import math
import re
import sys
import time

DETAIL = "{start:7.1f} –{end:6.1f} s   "
BAR = 12


def run(source, judge_name, fresh, as_json, quiet):
    """Judge a film, window by window, and print what was found.

    Args:
        source: a file, or "camera", or "camera:1".
        judge_name: "fights", "storyboard" or "auto": fights if it can be had here.
        fresh: train the judge anew.
        as_json: print one JSON object a line, and nothing else on stdout.
        quiet: print the summary alone.

    Raises:
        MediaError: for a file that cannot be read; of one that is damaged on the way,
            after what could be said of its beginning.
    """
    from mmlearn import media

    camera = re.fullmatch(r"camera(?::(\d+))?", source)
    info = None if camera else media.probe(source)  # before anything is trained
    judge = _judge(judge_name, fresh, as_json)
    tell = _Teller(judge, as_json, quiet)
    if info is not None:
        tell.header(source, info)
    captions = [] if camera else _captions(source)
    pieces = media.camera(int(camera[1] or 0)) if camera else source
    try:
        _watch(pieces, judge, captions, tell, info)
    except media.MediaError:
        tell.summary("as far as it could be read")
        raise
    except KeyboardInterrupt:
        tell.summary("until it was stopped")
        raise SystemExit(130) from None
    tell.summary()


def _watch(pieces, judge, captions, tell, info):
    from tqdm import tqdm

    from mmlearn.recipes import verdicts

    length = info and info.seconds and round(info.seconds, 1)
    how = {"unit": "s", "leave": False, "file": sys.stderr, "disable": None}
    how["bar_format"] = "{l_bar}{bar}| {n:.1f}/{total} s of film" if length else None
    with tqdm(total=length or None, **how) as bar:
        for one in verdicts.verdicts(pieces, judge, captions):
            tell.line(one, bar)
            bar.update(min(one.end, length or one.end) - bar.n)


def _judge(name, fresh, as_json):
    """The judge asked for; "auto" takes the fights' where its data or file is here."""
    from mmlearn import datasets, lesson
    from mmlearn.recipes import judges

    chosen = name
    if name == "auto":
        chosen = "fights" if judges.is_kept("fights") else "storyboard"
    if name in ("auto", "fights") and (fresh or chosen == "storyboard"):
        try:
            datasets.load_fights(download=False)
            chosen = "fights"
        except datasets.DataError:
            if name == "fights":
                chosen = "fights"  # training fetches the clips, or says why not
            else:
                _note("The surveillance clips are not here (mmlearn data fetch")
                _note("surv-fight, 13 MB): the simulated world's judge looks instead.")
                chosen = "storyboard"
    if chosen == "storyboard" or fresh or not judges.is_kept(chosen):
        lesson.import_keras_quietly()
    if fresh or not judges.is_kept(chosen):
        _note(f"Training the judge “{chosen}” once; it is kept in")
        _note(f"{judges.model_folder()} …")
    progress = not as_json and sys.stderr.isatty()
    return judges.judge(chosen, fresh=fresh, progress=progress)


def _captions(source):
    from mmlearn import media
    from mmlearn.recipes import verdicts

    try:
        return verdicts.subtitles_of(source)
    except media.MediaError as error:
        _note(f"Its subtitles are left out: {error}")
        return []


def _note(text):
    print(text, file=sys.stderr, flush=True)


class _Teller:
    """What is printed, line by line, and what is remembered for the end."""

    def __init__(self, judge, as_json, quiet):
        self.judge, self.as_json, self.quiet = judge, as_json, quiet
        self.found: list = []
        self.began = time.perf_counter()

    def header(self, source, info):
        if self.as_json:
            return
        rate = f"{info.frame_rate:.3g}" if info.frame_rate else "?"
        length = f"{info.seconds:.1f} s" if info.seconds else "length not said"
        sound = "no sound"
        if info.has_sound:
            sound = f"sound at {info.sound_rate} Hz"
        turned = f", turned upright by {90 * info.turns}°" if info.turns else ""
        height, width = info.size
        print(f"{source}: {length}, {width}×{height} px{turned}, {rate} frames a")
        print(f"second on average, {sound}. Judge: {self.judge.name}.", flush=True)

    def line(self, one, bar):
        """One verdict; above the progress bar where there is one."""
        self.found.append(one)
        if self.as_json:
            print(json.dumps(_plain(one)), flush=True)
            return
        if self.quiet:
            return
        told = "  ".join(_said(task, a) for task, a in one.said.items())
        missing = "" if one.heard else "   (no sound)"
        bar.clear()
        print(DETAIL.format(start=one.start, end=one.end) + (told or "–") + missing)
        sys.stdout.flush()

    def summary(self, how_far=""):
        """The verdict on the whole, the alarms, the speed, and the caution."""
        from mmlearn.recipes import verdicts

        if self.as_json:
            _note(f"Careful. {self.judge.caution}")
        if self.as_json or not self.found:
            return
        seconds = self.found[-1].end - self.found[0].start
        spent = time.perf_counter() - self.began
        print()
        for task, answer in verdicts.overall(self.found).items():
            told = _said("", answer) + self._share(task, answer)
            print(f"{task + ':':11}{told}{how_far and f', {how_far}'}")
        if self.judge.alarm:
            task, label = self.judge.alarm
            spans = verdicts.alarms(self.found, task, label)
            judged = any(task in verdict.said for verdict in self.found)
            told = ", ".join(f"{a:.1f} to {b:.1f} s" for a, b in spans)
            told = told or ("none" if judged else "nothing could be judged")
            print(f"alarms:    {told} (on from 0.65, off below 0.5)")
        print(f"speed:     {seconds:.1f} s of film in {spent:.1f} s", end="")
        print(f", {seconds / max(spent, 1e-9):.1f} times real time")
        print(f"\nCareful. {self.judge.caution}", flush=True)

    def _share(self, task, answer):
        """In how many windows a label was said, of those that said something."""
        labels = [v.said[task].label for v in self.found if task in v.said]
        if math.isnan(answer.probability):
            return ""
        return f" in {labels.count(answer.label)} of {len(labels)} windows"


def _said(task, answer):
    """'fight 0.72 ▇▇▇▇▇▇▇▇▇' or 'sentiment: +0.3'."""
    begin = f"{task}: " if task and task != answer.label else ""
    if math.isnan(answer.probability):
        return f"{begin}{answer.label}"
    bar = "▇" * round(BAR * answer.probability) if not begin else ""
    return f"{begin}{answer.label} {answer.probability:.2f} {bar}".rstrip()


def _plain(one):
    """A verdict as JSON takes it."""
    said = {
        task: {"label": a.label}
        | (
            {}
            if math.isnan(a.probability)
            else {"probability": round(a.probability, 4)}
        )
        for task, a in one.said.items()
    }
    times = {"start": round(one.start, 3), "end": round(one.end, 3)}
    return times | {"said": said, "sound": one.heard}
