"""The network of a deep classifier: what reads, how a text becomes one vector, and the head."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from core.learning.fine_tuning.batches import Ids, padded
from core.learning.text_classifier.bert import Bert, QuickDropout, is_plain_bert

CONFIG = "config.json"
MEAN, FIRST, LAST = "mean", "first", "last"
HEAD_DROPOUT = 0.1
_STANDARD_DEVIATION = 0.02
_NO_USE = ("pooler.", "position_ids", "cls.", "lm_head.", "predictions.")


class Network(nn.Module):
    """Turns tokens into logits of concepts.

    Attributes:
        encoder: reads; its hidden states become one vector per text.
        head: from that vector to a logit per concept.
        pooling: the mean over a text's tokens, its first or its last one.
    """

    def __init__(self, encoder: nn.Module, pooling: str, dim: int, n_concepts: int) -> None:
        super().__init__()
        self.encoder = encoder
        self._is_bert = isinstance(encoder, Bert)
        self.pooling = pooling
        self.dropout = QuickDropout(HEAD_DROPOUT)
        self.head = nn.Linear(dim, n_concepts)
        nn.init.normal_(self.head.weight, std=_STANDARD_DEVIATION)
        nn.init.zeros_(self.head.bias)
        self._places: Tensor | None = None
        self._full: Tensor | None = None

    @property
    def supports_gradient_checkpointing(self) -> bool:
        """Tell whether it can keep less and work it out again."""
        return bool(getattr(self.encoder, "supports_gradient_checkpointing", False))

    def activation_checkpointing_enable(self, how: Mapping[str, Any]) -> None:
        """Keep less of what was found on the way, and work it out again."""
        self.encoder.activation_checkpointing_enable(how)  # type: ignore[operator]

    def forward(self, windows: Sequence[Ids], padding: int) -> Tensor:
        """Return (n_texts, n_concepts), float32."""
        vectors = self.vectors(windows, padding)
        with torch.autocast(vectors.device.type, enabled=False):
            logits: Tensor = self.head(self.dropout(vectors))
        return logits

    def vectors(self, windows: Sequence[Ids], padding: int) -> Tensor:
        """Return what is made of each text, (n_texts, dim), float32; of no certain length."""
        ids, mask = padded(windows, padding, self.head.weight.device)
        if self._places is not None:
            ids = self._places[ids]
        if self._is_bert:
            states: Tensor = self.encoder(ids, mask)
        else:
            states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        states = states.float()
        match self.pooling:
            case "first":
                return states[:, 0]
            case "last":
                return states[torch.arange(len(states), device=ids.device), mask.sum(1) - 1]
        counts = mask[:, :, None].float()
        means: Tensor = (states * counts).sum(1) / counts.sum(1)
        return means

    @torch.no_grad()
    def forget_words(self, windows: Sequence[Ids], padding: int) -> None:
        """Leave the vectors of all other words aside while learning from these texts.

        They would not change, and yet each step would work through them: half of a small network,
        nine tenths of a multilingual one.
        """
        words = words_of(self)
        # families that count places by the number of the padding keep the numbers up to it
        used = {*range(padding + 1), *(i for window in windows for i in window)}
        known = torch.tensor(sorted(used), device=words.weight.device)
        if len(known) > words.weight.shape[0] // 2:
            return
        self._full = words.weight.detach()
        self._places = torch.zeros(len(self._full), dtype=torch.long, device=known.device)
        self._places[known] = torch.arange(len(known), device=known.device)
        words.weight = nn.Parameter(self._full[known].clone())

    @torch.no_grad()
    def remember_words(self) -> None:
        """Put what was learned of the words back among all others."""
        if self._full is None or self._places is None:
            return
        words = words_of(self)
        known = torch.zeros(len(words.weight), dtype=torch.long, device=words.weight.device)
        numbers = torch.arange(len(self._full), device=known.device)
        is_known = (self._places > 0) | (numbers == 0)
        known[self._places[is_known]] = numbers[is_known]
        self._full[known] = words.weight
        words.weight = nn.Parameter(self._full)
        self._full = self._places = None


def words_of(network: Network) -> nn.Embedding:
    """Return the vectors with which tokens come in."""
    words: nn.Embedding = network.encoder.get_input_embeddings()  # type: ignore[operator]
    return words


def read_config(folder: Path) -> dict[str, Any]:
    """Return the config.json of a base model or of a trained network."""
    config: dict[str, Any] = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    return config


def base_network(folder: Path, n_concepts: int) -> Network:
    """Return the network of a base model with a head that knows nothing yet."""
    config = read_config(folder)
    if is_plain_bert(config):
        encoder: nn.Module = Bert(config)
        weights = load_file(_reading_part(folder) / "model.safetensors")
        encoder.load_state_dict(_own_names(weights))
    else:
        encoder = _read_by_library(_reading_part(folder))
    return Network(encoder, pooling_of(folder, config), hidden_size(config), n_concepts)


def _read_by_library(folder: Path) -> nn.Module:
    """Return the encoder of any family; that a head for something else lies there is no news."""
    from transformers import AutoModel, logging  # takes a second

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    verbosity = logging.get_verbosity()
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    try:
        encoder: nn.Module = AutoModel.from_pretrained(
            folder,
            dtype=torch.float32,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
        )
    finally:
        logging.set_verbosity(verbosity)
    return encoder


def empty_network(config: Mapping[str, Any], folder: Path, pooling: str, n: int) -> Network:
    """Return a network without its weights, to be filled with those of a trained one.

    Args:
        config: the content of config.json.
        folder: where that lies.
        pooling: how a text becomes one vector.
        n: the number of concepts.
    """
    if is_plain_bert(config):
        encoder: nn.Module = Bert(config)
    else:
        from transformers import AutoConfig, AutoModel  # takes a second

        known = AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        encoder = AutoModel.from_config(known, dtype=torch.float32)  # type: ignore[no-untyped-call]
    return Network(encoder, pooling, hidden_size(config), n)


def hidden_size(config: Mapping[str, Any]) -> int:
    """Return the length of a hidden state, by the names that families give it."""
    names = ("word_embed_proj_dim", "hidden_size", "dim", "n_embd", "d_model")
    return int(next(config[name] for name in names if name in config))


def most_positions(config: Mapping[str, Any], folder: Path) -> int:
    """Return how many tokens a text may have at most."""
    limits = [
        int(config[name])
        for name in ("max_position_embeddings", "n_positions")
        if isinstance(config.get(name), int)
    ]
    if config.get("model_type") in ("roberta", "xlm-roberta", "camembert", "mpnet"):
        limits = [limit - 2 for limit in limits]
    sentences = folder / "sentence_bert_config.json"
    if sentences.exists():
        limit = json.loads(sentences.read_text(encoding="utf-8")).get("max_seq_length")
        limits += [limit] if isinstance(limit, int) else []
    return min(limits, default=8192)


def pooling_of(folder: Path, config: Mapping[str, Any]) -> str:
    """Return how a text becomes one vector: as modules.json says, or as the family reads."""
    modules = folder / "modules.json"
    if modules.exists():
        parts = json.loads(modules.read_text(encoding="utf-8"))
        paths = [part["path"] for part in parts if part["type"].endswith("Pooling")]
        if paths:
            said = json.loads((folder / paths[0] / CONFIG).read_text(encoding="utf-8"))
            return _pooling_named(said)
    architecture = next(iter(config.get("architectures") or []), "")
    writes = "CausalLM" in architecture or "LMHead" in architecture
    return LAST if writes and config.get("model_type") != "bert" else MEAN


def _pooling_named(said: Mapping[str, Any]) -> str:
    mode = str(said.get("pooling_mode", ""))
    if said.get("pooling_mode_cls_token") or mode == "cls":
        return FIRST
    return LAST if said.get("pooling_mode_lasttoken") or mode == "lasttoken" else MEAN


def _reading_part(folder: Path) -> Path:
    modules = folder / "modules.json"
    if modules.exists():
        parts = json.loads(modules.read_text(encoding="utf-8"))
        return folder / str(parts[0]["path"])
    return folder


def _own_names(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the weights of a BERT encoder under the names of `Bert`, in float32."""
    own = {}
    for name, tensor in weights.items():
        plain = name.removeprefix("bert.").replace("LayerNorm.gamma", "LayerNorm.weight")
        plain = plain.replace("LayerNorm.beta", "LayerNorm.bias")
        if not any(part in plain for part in _NO_USE):
            own[plain] = tensor.float()
    return own
