"""The weights of a model: in one file, or in several that an index names."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import NoReturn

from core.base_models.errors import BaseModelRefusedError
from core.base_models.plain_json import read_object
from core.base_models.safetensors import TensorHead, read_head
from core.base_models.sources import Source
from core.base_models.words import shown
from core.i18n import _

WEIGHTS = "model.safetensors"
INDEX = "model.safetensors.index.json"
MAX_SHARDS = 1_000
_INDEX_BYTES = 50_000_000
_PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".joblib")
_OTHERS = (".gguf", ".ggml", ".h5", ".msgpack", ".onnx", ".npz", ".tflite")
FORMATS = (".safetensors", *_PICKLES, *_OTHERS)
# What the numbers are called where people read them; anything else is squeezed together.
_FLOATS = {"F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16"}


@dataclass(frozen=True)
class Weights:
    """What the heads of the weights' files tell.

    Attributes:
        files: the files with weights, in the order of their names.
        index: the file that names them, if there are several.
    """

    files: tuple[str, ...]
    index: str
    tensors: dict[str, TensorHead]

    @property
    def n_parameters(self) -> int:
        """How many numbers were learned."""
        return sum(t.n_numbers for t in self.tensors.values() if t.precision in _FLOATS)

    @property
    def precision(self) -> str:
        """In what precision most of them are kept."""
        counts: Counter[str] = Counter()
        for tensor in self.tensors.values():
            counts[tensor.precision] += tensor.n_numbers
        most = max(counts, key=lambda precision: counts[precision])
        return _FLOATS.get(most, "")


def read_weights(source: Source, *, folder: str = "") -> Weights:
    """Return what the weights in a folder of the source are, having made sure that all are there.

    Raises:
        BaseModelRefusedError: there are none as safetensors, a part is missing, cut or damaged,
            or they were squeezed to fewer bits.
    """
    inside = source.below(folder) if folder else source
    if WEIGHTS in inside.sizes:
        weights = Weights((WEIGHTS,), "", read_head(inside, WEIGHTS))
    elif INDEX in inside.sizes:
        weights = _read_parts(inside)
    else:
        _refuse_format(inside)
    if not weights.n_parameters:
        raise BaseModelRefusedError(_("The file of the weights is empty."))
    if not weights.precision:
        refuse_squeezed()
    return weights


def refuse_squeezed() -> NoReturn:
    """Refuse weights of less than 16 bits.

    Raises:
        BaseModelRefusedError: always.
    """
    raise BaseModelRefusedError(
        _("The model was squeezed to fewer bits (quantized), and such models cannot be used."),
        next_step=_("Choose the same model as it was before, in 16 or 32 bits."),
    )


def _read_parts(source: Source) -> Weights:
    places = read_object(source, INDEX, limit=_INDEX_BYTES).get("weight_map")
    if not isinstance(places, dict) or not places:
        raise BaseModelRefusedError(_("The index of the weights names none."))
    if not all(isinstance(file, str) for file in places.values()):
        raise BaseModelRefusedError(_("The index of the weights is damaged."))
    expected: defaultdict[str, set[str]] = defaultdict(set)
    for tensor, file in places.items():
        expected[file].add(tensor)
    if len(expected) > MAX_SHARDS:
        raise BaseModelRefusedError(_("The weights lie in far too many files."))
    for file in sorted(expected):
        _check_part(source, file)
    tensors: dict[str, TensorHead] = {}
    for file in sorted(expected):
        heads = read_head(source, file)
        if heads.keys() != expected[file]:
            raise BaseModelRefusedError(
                _("“{file}” does not hold the weights that the index says.").format(
                    file=shown(file)
                ),
                next_step=_("Copy or download the model once more, then try again."),
            )
        tensors |= heads
    return Weights(tuple(sorted(expected)), INDEX, tensors)


def _check_part(source: Source, file: str) -> None:
    if "/" in file or "\\" in file or file.startswith(".") or not file.endswith(".safetensors"):
        raise BaseModelRefusedError(
            _("The index of the weights points outside the model: “{file}”.").format(
                file=shown(file)
            )
        )
    if file not in source.sizes:
        raise BaseModelRefusedError(
            _("A part of the weights is missing: “{file}”.").format(file=shown(file)),
            next_step=_("Copy or download that file into the folder, then try again."),
        )


def _refuse_format(source: Source) -> NoReturn:
    names = [name.lower() for name in source.sizes]
    if any(name.endswith("adapter_model.safetensors") for name in names):
        raise BaseModelRefusedError(
            _("This is only an addition to a model (an adapter), not a whole one."),
            next_step=_("Ask for the model with the addition merged into it."),
        )
    if any(name.endswith(_PICKLES) for name in names):
        raise BaseModelRefusedError(
            _("The weights are in a format that can hide programs, so it is not opened."),
            next_step=_("Ask for the same model with its weights as .safetensors."),
        )
    if any(name.endswith(_OTHERS) for name in names):
        raise BaseModelRefusedError(
            _("The weights are in a format that was made for other programs."),
            next_step=_("Ask for the same model with its weights as .safetensors."),
        )
    raise BaseModelRefusedError(
        _("The model has no weights: there is no “{file}”.").format(file=WEIGHTS),
        next_step=_("Copy or download that file into the folder, then try again."),
    )
