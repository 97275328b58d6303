"""Bring the verses to one spelling, check them, and list their hash.

    python data/verses/prepare.py [FOLDER]

The poems were typed into `verses.txt`. This program makes quotation marks and dashes
plain ASCII, takes away spaces at line ends, parts poems by two empty lines and stanzas
by one, and writes the file again, and `SHA256SUMS`. Run twice it changes nothing more.
"""

import hashlib
import re
import sys
from pathlib import Path

PLAIN = {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2014": "--"}


def tidy(text):
    """One spelling of marks and empty lines; refuses what is not ASCII then."""
    for mark, plain in PLAIN.items():
        text = text.replace(mark, plain)
    lines = [line.strip() for line in text.strip().splitlines()]
    text = re.sub(r"\n{4,}", "\n\n\n", "\n".join(lines)) + "\n"
    strange = sorted({c for c in text if not c.isascii()})
    if strange:
        raise SystemExit(f"prepare.py: {strange} are not ASCII; replace them first")
    return text


def main(folder):
    path = folder / "verses.txt"
    text = tidy(path.read_text("utf-8"))
    path.write_bytes(text.encode("ascii"))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "SHA256SUMS").write_bytes(f"{digest}  {path.name}\n".encode())
    poems = text.split("\n\n\n")
    print(
        f"{len(poems)} poems, {len(text):,} letters and marks, {len(set(text))} kinds"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
