"""Names that students chose, made safe: for a file, for a page.

Whatever stands in a submission (a folder's name, a file's name, an error's text) may be
hostile. Two names that differ stay different in every form.
"""

import hashlib
import re
import unicodedata

_SIMPLE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_HASHED = re.compile(r".*-[0-9a-f]{12}")  # what a name that is not simple becomes
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d")  # no file names in Windows
_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}  # controls, bidi marks, surrogates


def safe_key(name):
    """A name as a file name: short, lower case, and no other name's.

    >>> safe_key("anna")
    'anna'
    >>> safe_key("../Anna")
    'anna-3ea758fbe582'
    """
    plain = _SIMPLE.fullmatch(name) and not _RESERVED.fullmatch(name)
    if plain and not _HASHED.fullmatch(name):
        return name
    digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()
    word = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", word.lower()).strip("-")[:30].strip("-")
    return f"{slug or 'x'}-{digest[:12]}"


def shown(text, length=400):
    """Text as it may be shown: what cannot be seen is written out, and it ends.

    >>> shown("one" + chr(10) + "two" + chr(0x202e))
    'one\\\\ntwo\\\\u202e'
    """
    text = str(text)
    if len(text) > length:
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        text = f"{text[: length - 16]} … {digest[:12]}"
    return "".join(_seen(letter) for letter in text)


def _seen(letter):
    if unicodedata.category(letter) not in _INVISIBLE:
        return letter
    return letter.encode("unicode_escape").decode("ascii")
