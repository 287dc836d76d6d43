"""Reads the head of a .safetensors file ourselves, so that no library meets a damaged one."""

from dataclasses import dataclass
from math import prod
from typing import Any, NoReturn

from core.base_models.errors import BaseModelRefusedError
from core.base_models.plain_json import parse
from core.base_models.sources import Source
from core.base_models.words import shown
from core.i18n import _

MAX_HEAD = 25_000_000  # of models with thousands of tensors it has a few hundred kilobytes
MAX_DIMENSIONS = 8
_START = 8  # bytes that say how long the head is
_POINTER = b"git-lfs"  # what large-file storage leaves in place of the file
# Bytes of one number, by the format's names of the precisions that whole numbers fill.
PRECISIONS = {
    "BOOL": 1, "U8": 1, "I8": 1, "F8_E5M2": 1, "F8_E4M3": 1,
    "I16": 2, "U16": 2, "F16": 2, "BF16": 2,
    "I32": 4, "U32": 4, "F32": 4,
    "F64": 8, "I64": 8, "U64": 8, "C64": 8,
}  # fmt: skip


@dataclass(frozen=True)
class TensorHead:
    """A tensor as the head of its file describes it."""

    precision: str
    shape: tuple[int, ...]

    @property
    def n_numbers(self) -> int:
        """How many numbers it holds."""
        return prod(self.shape)


def read_head(source: Source, name: str) -> dict[str, TensorHead]:
    """Return the tensors of a file, having made sure that the file is whole.

    Whole means: the head is plain JSON, every precision is known, every tensor takes as many
    bytes as its shape says, and they lie one behind the other up to the last byte of the file.

    Raises:
        BaseModelRefusedError: the file is cut, damaged, or not of this format.
    """
    n_bytes = source.sizes[name]
    with source.open(name) as file:
        start = file.read(_START)
        if _POINTER in start + file.read(64 if n_bytes < MAX_HEAD else 0):
            _refuse_pointer(name)
    n_head = int.from_bytes(start, "little")
    if n_bytes < _START + n_head or len(start) < _START:
        _refuse_cut(name)
    if n_head > MAX_HEAD:
        _refuse_damaged(name)
    with source.open(name) as file:
        file.read(_START)
        head = parse(file.read(n_head), name)
    if not isinstance(head, dict):
        _refuse_damaged(name)
    head.pop("__metadata__", None)
    places = [_tensor(name, tensor) for tensor in head.values()]
    _check_places(name, [place for _tensor_head, place in places], n_bytes - _START - n_head)
    return {title: place[0] for title, place in zip(head, places, strict=True)}


def _tensor(name: str, tensor: Any) -> tuple[TensorHead, tuple[int, int]]:  # noqa: ANN401
    match tensor:
        case {"dtype": str(precision), "shape": [*shape], "data_offsets": [start, end]}:
            pass
        case _:
            _refuse_damaged(name)
    if precision not in PRECISIONS:
        raise BaseModelRefusedError(
            _("The weights in “{file}” are of a kind that is not known: {kind}.").format(
                file=shown(name), kind=shown(precision)
            )
        )
    if len(shape) > MAX_DIMENSIONS or not all(_is_count(n) for n in (*shape, start, end)):
        _refuse_damaged(name)
    head = TensorHead(precision, tuple(shape))
    if end - start != head.n_numbers * PRECISIONS[precision]:
        _refuse_damaged(name)
    return head, (start, end)


def _check_places(name: str, places: list[tuple[int, int]], n_bytes: int) -> None:
    """Make sure that the places lie one behind the other, and fill the file to its last byte."""
    reached = 0
    for start, end in sorted(places):
        if start != reached:
            _refuse_damaged(name)
        reached = end
    if reached > n_bytes:
        _refuse_cut(name)
    if reached < n_bytes:
        _refuse_damaged(name)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**60


def _refuse_pointer(name: str) -> NoReturn:
    raise BaseModelRefusedError(
        _("“{file}” only says where the weights would be; the weights are not in it.").format(
            file=shown(name)
        ),
        next_step=_("Download the weights themselves; the file has many megabytes then."),
    )


def _refuse_cut(name: str) -> NoReturn:
    raise BaseModelRefusedError(
        _("“{file}” is cut off: a part of the weights is missing.").format(file=shown(name)),
        next_step=_("Copy or download it once more, then try again."),
    )


def _refuse_damaged(name: str) -> NoReturn:
    raise BaseModelRefusedError(
        _("“{file}” is damaged, or no safetensors file.").format(file=shown(name)),
        next_step=_("Copy or download it once more, then try again."),
    )
