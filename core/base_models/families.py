"""The families of models that can be used, by the `model_type` of their config.json."""

from dataclasses import dataclass
from enum import StrEnum

from core.i18n import N_, _


class ModelKind(StrEnum):
    """What a base model can do."""

    ENCODER = "encoder"
    SENTENCE_ENCODER = "sentence-encoder"
    CAUSAL = "causal"
    SEQUENCE_TO_SEQUENCE = "sequence-to-sequence"


_KIND_WORDS = {
    ModelKind.ENCODER: N_("reads"),
    ModelKind.SENTENCE_ENCODER: N_("reads whole sentences"),
    ModelKind.CAUSAL: N_("writes on"),
    ModelKind.SEQUENCE_TO_SEQUENCE: N_("turns a text into another"),
}


def kind_words(kind: ModelKind) -> str:
    """Return what a kind of base model can do, as a list shows it."""
    return _(_KIND_WORDS[kind])


@dataclass(frozen=True)
class Family:
    """A family of models.

    Attributes:
        title: as it is known.
        kind: what its models can do.
        architecture: the class of the library that reads a whole model of this family.
        words: how the name of the tensor ends that holds one vector per word piece.
        n_unusable: positions that the family counts but cannot use.
    """

    title: str
    kind: ModelKind
    architecture: str
    words: str
    n_unusable: int = 0


_BERT_WORDS = "embeddings.word_embeddings.weight"
_ENC, _GEN, _S2S = ModelKind.ENCODER, ModelKind.CAUSAL, ModelKind.SEQUENCE_TO_SEQUENCE
FAMILIES = {
    "albert": Family("ALBERT", _ENC, "AlbertModel", _BERT_WORDS),
    "bert": Family("BERT", _ENC, "BertModel", _BERT_WORDS),
    "camembert": Family("CamemBERT", _ENC, "CamembertModel", _BERT_WORDS, 2),
    "deberta": Family("DeBERTa", _ENC, "DebertaModel", _BERT_WORDS),
    "deberta-v2": Family("DeBERTa", _ENC, "DebertaV2Model", _BERT_WORDS),
    "distilbert": Family("DistilBERT", _ENC, "DistilBertModel", _BERT_WORDS),
    "electra": Family("ELECTRA", _ENC, "ElectraModel", _BERT_WORDS),
    "modernbert": Family("ModernBERT", _ENC, "ModernBertModel", "embeddings.tok_embeddings.weight"),
    "mpnet": Family("MPNet", _ENC, "MPNetModel", _BERT_WORDS, 2),
    "roberta": Family("RoBERTa", _ENC, "RobertaModel", _BERT_WORDS, 2),
    "xlm-roberta": Family("XLM-RoBERTa", _ENC, "XLMRobertaModel", _BERT_WORDS, 2),
    "gemma": Family("Gemma", _GEN, "GemmaForCausalLM", "embed_tokens.weight"),
    "gemma2": Family("Gemma 2", _GEN, "Gemma2ForCausalLM", "embed_tokens.weight"),
    "gpt2": Family("GPT-2", _GEN, "GPT2LMHeadModel", "wte.weight"),
    "gpt_neo": Family("GPT-Neo", _GEN, "GPTNeoForCausalLM", "wte.weight"),
    "gpt_neox": Family("GPT-NeoX", _GEN, "GPTNeoXForCausalLM", "embed_in.weight"),
    "llama": Family("Llama", _GEN, "LlamaForCausalLM", "embed_tokens.weight"),
    "mistral": Family("Mistral", _GEN, "MistralForCausalLM", "embed_tokens.weight"),
    "olmo2": Family("OLMo 2", _GEN, "Olmo2ForCausalLM", "embed_tokens.weight"),
    "opt": Family("OPT", _GEN, "OPTForCausalLM", "embed_tokens.weight"),
    "phi3": Family("Phi-3", _GEN, "Phi3ForCausalLM", "embed_tokens.weight"),
    "qwen2": Family("Qwen 2", _GEN, "Qwen2ForCausalLM", "embed_tokens.weight"),
    "qwen3": Family("Qwen 3", _GEN, "Qwen3ForCausalLM", "embed_tokens.weight"),
    "smollm3": Family("SmolLM3", _GEN, "SmolLM3ForCausalLM", "embed_tokens.weight"),
    "stablelm": Family("StableLM", _GEN, "StableLmForCausalLM", "embed_tokens.weight"),
    "bart": Family("BART", _S2S, "BartForConditionalGeneration", "shared.weight"),
    "mbart": Family("mBART", _S2S, "MBartForConditionalGeneration", "shared.weight"),
    "mt5": Family("mT5", _S2S, "MT5ForConditionalGeneration", "shared.weight"),
    "pegasus": Family("PEGASUS", _S2S, "PegasusForConditionalGeneration", "shared.weight"),
    "t5": Family("T5", _S2S, "T5ForConditionalGeneration", "shared.weight"),
}
