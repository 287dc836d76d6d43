"""A number that tells whether two frozen versions hold the same."""

import hashlib
import json

from core.storage.database import Database
from core.storage.versions import load_version


def hash_version(db: Database, version_id: int) -> str:
    """Return the SHA-256 of what a version froze, as 64 hexadecimal digits.

    Over one line of JSON for each input, in their order: its text, its split, the concepts that
    it carries and those that it was said not to carry, both in the order of their names, and its
    target where it has one. The same texts and labels so have the same number in every app.
    """
    digest = hashlib.sha256()
    for one in load_version(db, version_id):
        frozen = [one.text, one.split, sorted(one.positive), sorted(one.negative)]
        frozen += [one.target] if one.target else []
        digest.update(json.dumps(frozen, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        digest.update(b"\n")
    return digest.hexdigest()
