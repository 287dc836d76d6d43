"""A whole classifier as one ONNX file: numbers of tokens in, probabilities out.

The head, the gate and the calibration are inside. What a text says in its wording cannot be found
by the operators of ONNX; such a model takes the weights of its terms as a second input.
"""

import json
import warnings
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from sentence_transformers import SentenceTransformer
from torch import Tensor, nn
from transformers import AutoModelForSequenceClassification

from core.errors import UserError
from core.i18n import _
from core.jobs import Job
from core.learning.embedding_classifier import EmbeddingClassifier
from core.learning.portable.layout import LOGITS, SENTENCES, WRITER, Plain
from core.learning.portable.readers import exact_embedder
from core.learning.splits import Floats
from core.learning.text_classifier.hugging_face import HuggingFaceNetwork
from core.learning.text_to_text.loading import quiet

ONNX = "model.onnx"
OPSET = 17
TOLERANCE = 1e-4
LARGEST_BYTES = 1_900_000_000  # a file of this format can hold 2 GB
NEEDED = ("onnx", "onnxruntime")
# Read by every model that is checked: short, long, empty, and in other scripts.
CHECKED = (
    "The parcel was damaged and I want my money back.",
    "ok",
    "",
    "Wo bleibt meine Karte? 我的卡在哪里 Où est ma carte ?",
    " ".join(["It rained all day, so we stayed at home and read the long report."] * 40),
)
Arrays = dict[str, NDArray[Any]]


class OnnxMissingError(UserError):
    """The packages that write and check ONNX are not installed."""

    def __init__(self) -> None:
        super().__init__(
            _("Writing ONNX takes two more packages: onnx and onnxruntime."),
            next_step=_("Install them with “pip install onnx onnxruntime”, or leave ONNX out."),
        )


class NotOnnxError(UserError):
    """The model cannot be written as ONNX."""

    def __init__(self, why: str) -> None:
        super().__init__(why, next_step=_("Take the model along without ONNX."))


class OnnxDiffersError(UserError):
    """What was written does not answer as the model does, so it is not kept."""

    def __init__(self, difference: float) -> None:
        super().__init__(
            _("The ONNX file answered otherwise than the model, so it was not kept."),
            next_step=_("Take the model along without ONNX."),
        )
        self.difference = difference


def check_onnx_is_here() -> None:
    """Make sure that ONNX can be written and checked.

    Raises:
        OnnxMissingError: a package is missing.
    """
    if any(find_spec(name) is None for name in NEEDED):
        raise OnnxMissingError


def write_onnx(model: Any, plain: Plain, folder: Path, job: Job) -> float:  # noqa: ANN401
    """Write `model.onnx` into the folder of a plain model, and keep it if it answers the same.

    Args:
        model: in full precision, as it was written into the folder.
        plain: what was written there.
        folder: with the plain model in it.
        job: told the stages.

    Returns:
        The largest difference of a probability on the checked texts.

    Raises:
        OnnxMissingError, NotOnnxError: it cannot be written.
        OnnxDiffersError: it answers otherwise; nothing is kept.
    """
    check_onnx_is_here()
    if plain.kind == WRITER:
        raise NotOnnxError(_("A model that writes texts cannot be written as ONNX here."))
    if sum(path.stat().st_size for path in folder.glob("*.safetensors")) > LARGEST_BYTES:
        raise NotOnnxError(_("The model is too large for one ONNX file."))
    job.report(_("Writing ONNX"))
    with quiet():
        graph = _graph(plain, folder)
        given = _given(model, plain, CHECKED)
        path = folder / ONNX
        _export(graph, given, path)
    job.report(_("Checking ONNX"))
    difference = _difference(model, path, given)
    if not difference <= TOLERANCE:
        path.unlink()
        raise OnnxDiffersError(difference)
    return difference


class _Calibrated(nn.Module):
    """From logits to probabilities, as `Calibration` has it."""

    def __init__(self, told: Any) -> None:  # noqa: ANN401  # of labels.json
        super().__init__()
        self._slope, self._offset = float(told["slope"]), float(told["offset"])
        self._is_exclusive = bool(told["one_label_per_text"])

    def forward(self, logits: Tensor) -> Tensor:
        scaled = logits * self._slope + self._offset
        return scaled.softmax(1) if self._is_exclusive else scaled.sigmoid()


class _Sequence(nn.Module):
    """A network of transformers with its own head."""

    def __init__(self, network: nn.Module, told: Any) -> None:  # noqa: ANN401
        super().__init__()
        self.network, self.calibrated = network, _Calibrated(told)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        answer: Tensor = self.calibrated(self.network(input_ids=ids, attention_mask=mask).logits)
        return answer


class _Logits(nn.Module):
    """Parts of a sentence-transformers folder of which the last gives logits."""

    def __init__(self, parts: Sequence[nn.Module], told: Any) -> None:  # noqa: ANN401
        super().__init__()
        self.parts, self.calibrated = nn.ModuleList(parts), _Calibrated(told)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        answer: Tensor = self.calibrated(_through(self.parts, ids, mask))
        return answer


class _Sentences(nn.Module):
    """A quick classifier: meaning, wording, gate."""

    def __init__(self, plain: Plain, folder: Path) -> None:
        super().__init__()
        head = json.loads((folder / "classifier.json").read_text(encoding="utf-8"))
        numbers = load_file(folder / "weights.safetensors")
        self._scale = float(head["recipe"]["embedding_scale"])
        self.reads = bool(self._scale)
        self.words = bool(head["terms"])
        self._n_meaning = len(numbers["centre"]) if self._scale else 0
        self._has_windows, self.has_gate = (
            bool(plain.told["window"]),
            self.reads and "gate" in numbers,
        )
        self._is_exclusive = bool(plain.told["one_label_per_text"])
        self.calibrated = _Calibrated(plain.told)
        for name in ("centre", "weights", *(["gate"] if self.has_gate else [])):
            self.register_buffer(name, numbers[name].float())
        self.parts: Any = None
        if self.reads:
            parts = list(_sentence_parts(folder))
            n_parts = plain.told["window"]["n_parts"] if self._has_windows else len(parts)
            self.parts = nn.ModuleList(parts[:n_parts])

    def forward(self, *given: Tensor) -> Tensor:
        wording = given[-1] if self.words else None
        weights: Any = self.weights
        n_texts = given[0].shape[0]
        logits = weights[-1:].expand(n_texts, -1)
        none = None
        if self.reads:
            centre: Any = self.centre
            near = nn.functional.normalize(self._meaning(given[0], given[1]) - centre)
            if self._scale:
                logits = logits + self._scale * near @ weights[: self._n_meaning]
            if self.has_gate:
                gate: Any = self.gate
                none = (near @ gate[:-1] + gate[-1]).sigmoid()
        if wording is not None:
            logits = logits + wording @ weights[self._n_meaning : -1]
        found: Tensor = self.calibrated(logits)
        if none is None:
            return found
        even = none / found.shape[1] if self._is_exclusive else torch.zeros_like(none)
        answer: Tensor = (1 - none) * found + even
        return answer

    def _meaning(self, ids: Tensor, mask: Tensor) -> Tensor:
        first: Any = self.parts[0]
        if hasattr(first, "embedding"):  # a vector for each token, and their mean
            table: Tensor = first.embedding.weight
            counts = mask[:, :, None].float()
            return nn.functional.normalize((table[ids] * counts).sum(1) / counts.sum(1))
        if not self._has_windows:
            return nn.functional.normalize(_through(self.parts, ids, mask))
        n_texts, n_windows, n_tokens = ids.shape
        flat, sizes = ids.reshape(-1, n_tokens), mask.reshape(-1, n_tokens)
        vectors = _through(self.parts, flat, sizes) * sizes.sum(1, keepdim=True)
        return nn.functional.normalize(vectors.reshape(n_texts, n_windows, -1).sum(1))


def _through(parts: Any, ids: Tensor, mask: Tensor) -> Tensor:  # noqa: ANN401
    features: Any = {"input_ids": ids, "attention_mask": mask}
    for part in parts:
        features = part(features)
    made: Tensor = features["sentence_embedding"]
    return made


def _sentence_parts(folder: Path) -> SentenceTransformer:
    options = {"attn_implementation": "eager", "dtype": torch.float32, "use_safetensors": True}
    has_network = (folder / "config.json").exists()
    return SentenceTransformer(
        str(folder),
        device="cpu",
        local_files_only=True,
        trust_remote_code=False,
        model_kwargs=options if has_network else None,
    ).eval()


def _graph(plain: Plain, folder: Path) -> nn.Module:
    if plain.kind == SENTENCES:
        return _Sentences(plain, folder).eval()
    if plain.kind == LOGITS:
        return _Logits(list(_sentence_parts(folder)), plain.told).eval()
    network = AutoModelForSequenceClassification.from_pretrained(
        folder,
        local_files_only=True,
        trust_remote_code=False,
        use_safetensors=True,
        dtype=torch.float32,
        attn_implementation="eager",
    )
    return _Sequence(network, plain.told).eval()


def _given(model: Any, plain: Plain, texts: Sequence[str]) -> Arrays:  # noqa: ANN401
    """Return the inputs of the graph for some texts, side by side."""
    given: Arrays = {}
    if isinstance(model, EmbeddingClassifier):
        if model.needs_embeddings:
            embedder: Any = exact_embedder(model.settings.base_embed_model)
            cut = [embedder.cut(text) for text in texts]
            given = _windows(cut, plain) if plain.told["window"] else _rows([c[0] for c in cut], 0)
        if model.ngrams is not None:
            given["wording"] = model.ngrams.weigh(texts, Job(), "").toarray()
        return given
    network = model.network
    if isinstance(network, HuggingFaceNetwork):
        read = network.tokenizer(list(texts), truncation=True, max_length=network.max_tokens)
        nothing = [int(network.tokenizer.pad_token_id or 0)]
        return _rows([ids or nothing for ids in read["input_ids"]], plain.told["pad"])
    given = _rows(network.words.read(texts, Job(), ""), network.words.padding)
    if model.head is not None and model.head.ngrams is not None:
        given["wording"] = model.head.ngrams.weigh(texts, Job(), "").toarray()
    return given


def _rows(cut: Sequence[Sequence[int]], pad: int) -> Arrays:
    ids = np.full((len(cut), max(map(len, cut))), pad, np.int64)
    mask = np.zeros_like(ids)
    for i, part in enumerate(cut):
        ids[i, : len(part)], mask[i, : len(part)] = part, 1
    return {"input_ids": ids, "attention_mask": mask}


def _windows(cut: Sequence[Sequence[Sequence[int]]], plain: Plain) -> Arrays:
    flat = _rows([part for parts in cut for part in parts], plain.told["pad"])
    shape = len(cut), max(map(len, cut)), flat["input_ids"].shape[1]
    ids = np.full(shape, plain.told["pad"], np.int64)
    mask, first = np.zeros(shape, np.int64), 0
    for i, parts in enumerate(cut):
        some = slice(first, first := first + len(parts))
        ids[i, : len(parts)] = flat["input_ids"][some]
        mask[i, : len(parts)] = flat["attention_mask"][some]
    return {"input_ids": ids, "attention_mask": mask}


def _export(graph: nn.Module, given: Arrays, path: Path) -> None:
    names = ("n_texts", "n_windows", "n_tokens")
    axes = {
        name: {0: "n_texts"}
        if name == "wording"
        else dict(enumerate(names if value.ndim == len(names) else names[::2]))
        for name, value in given.items()
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what tracing warns of is checked afterwards
        torch.onnx.export(
            graph,
            tuple(torch.from_numpy(value) for value in given.values()),
            str(path),
            input_names=list(given),
            output_names=["probabilities"],
            dynamic_axes={**axes, "probabilities": {0: "n_texts"}},
            opset_version=OPSET,
            dynamo=False,
        )


def _difference(model: Any, path: Path, given: Arrays) -> float:  # noqa: ANN401
    """Return the largest difference between the model's own answers and those of the file."""
    import onnxruntime

    embeddings: Floats | None = None
    if isinstance(model, EmbeddingClassifier) and model.needs_embeddings:
        embeddings = exact_embedder(model.settings.base_embed_model).encode(CHECKED, Job())
    wanted = model.probabilities(CHECKED, embeddings, Job())
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    together = session.run(None, given)[0]
    return float(np.abs(together - wanted).max())
