"""Tiny random models of every family, written in the Hugging Face layout; for tests, offline.

`make_tiny(folder, family)` knows the families of `FAMILIES`; `make_sentence_transformer(folder)`
writes a folder as sentence-transformers does. Both return the folder. Nothing is learned but the
tokenizer: the weights come from a fixed seed, and the same call writes the same bytes.
"""

import contextlib
import json
import string
import warnings
from itertools import chain

import torch
import transformers
from tokenizers import (
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)

SENTENCES = (
    "my card has not arrived yet and I need it today",
    "you have won a free prize, claim your cash reward now",
    "see you at eight tonight, the table is booked",
    "the parcel was late again and the box was damaged",
    "how do I change my address in the app?",
    "translate the sentence, then say what it is about",
    "Die Karte ist noch nicht angekommen. Où est ma commande ?",
    "a quick brown fox jumps over the lazy dog",
)
HIDDEN, LAYERS, HEADS, WIDE, POSITIONS = 32, 2, 4, 64, 128
_WORD_PIECES = ("bert", "distilbert", "mpnet", "electra")  # all others read bytes
_STARTED = (  # their texts begin with <s> and end with </s>
    *("roberta", "xlm-roberta", "camembert", "albert", "deberta", "deberta-v2", "modernbert"),
    *("bart", "mbart"),
)


def _common(**names):
    """Return the sizes under the names that most families give them."""
    sizes = {
        "hidden_size": HIDDEN,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "intermediate_size": WIDE,
        "max_position_embeddings": POSITIONS,
    }
    return sizes | names


_DECODER = _common(num_key_value_heads=2, head_dim=HIDDEN // HEADS)
_DEBERTA = _common(relative_attention=True, pos_att_type=["p2c", "c2p"], type_vocab_size=0)
_T5 = {
    "d_model": HIDDEN,
    "d_ff": WIDE,
    "d_kv": HIDDEN // HEADS,
    "num_layers": LAYERS,
    "num_decoder_layers": LAYERS,
    "num_heads": HEADS,
    "n_positions": POSITIONS,
}
_BART = {
    "d_model": HIDDEN,
    "encoder_layers": LAYERS,
    "decoder_layers": LAYERS,
    "encoder_attention_heads": HEADS,
    "decoder_attention_heads": HEADS,
    "encoder_ffn_dim": WIDE,
    "decoder_ffn_dim": WIDE,
    "max_position_embeddings": POSITIONS,
}
# What each family calls its sizes, and the class that reads and writes it.
FAMILIES = {
    "bert": ("BertModel", _common()),
    "roberta": ("RobertaModel", _common(max_position_embeddings=POSITIONS + 2)),
    "xlm-roberta": ("XLMRobertaModel", _common(max_position_embeddings=POSITIONS + 2)),
    "camembert": ("CamembertModel", _common(max_position_embeddings=POSITIONS + 2)),
    "electra": ("ElectraModel", _common(embedding_size=HIDDEN)),
    "albert": ("AlbertModel", _common(embedding_size=16)),
    "mpnet": ("MPNetModel", _common(max_position_embeddings=POSITIONS + 2)),
    "distilbert": (
        "DistilBertModel",
        {
            "dim": HIDDEN,
            "n_layers": LAYERS,
            "n_heads": HEADS,
            "hidden_dim": WIDE,
            "max_position_embeddings": POSITIONS,
        },
    ),
    "deberta": ("DebertaModel", _DEBERTA),
    "deberta-v2": ("DebertaV2Model", _DEBERTA),
    "modernbert": ("ModernBertModel", _common(local_attention=16)),
    "gpt2": (
        "GPT2LMHeadModel",
        {"n_embd": HIDDEN, "n_layer": LAYERS, "n_head": HEADS, "n_positions": POSITIONS},
    ),
    "gpt_neo": (
        "GPTNeoForCausalLM",
        {
            "hidden_size": HIDDEN,
            "num_layers": LAYERS,
            "num_heads": HEADS,
            "intermediate_size": WIDE,
            "max_position_embeddings": POSITIONS,
            "attention_types": [[["global", "local"], LAYERS // 2]],
            "window_size": 16,
        },
    ),
    "opt": (
        "OPTForCausalLM",
        {
            "hidden_size": HIDDEN,
            "word_embed_proj_dim": HIDDEN,
            "num_hidden_layers": LAYERS,
            "num_attention_heads": HEADS,
            "ffn_dim": WIDE,
            "max_position_embeddings": POSITIONS,
        },
    ),
    "llama": ("LlamaForCausalLM", _DECODER),
    "qwen2": ("Qwen2ForCausalLM", _DECODER),
    "mistral": ("MistralForCausalLM", _DECODER),
    "gemma": ("GemmaForCausalLM", _DECODER),
    "gemma2": ("Gemma2ForCausalLM", _DECODER),
    "gpt_neox": ("GPTNeoXForCausalLM", _common()),
    "olmo2": ("Olmo2ForCausalLM", _DECODER),
    "phi3": ("Phi3ForCausalLM", _DECODER),
    "qwen3": ("Qwen3ForCausalLM", _DECODER),
    "smollm3": ("SmolLM3ForCausalLM", _DECODER),
    "stablelm": ("StableLmForCausalLM", _DECODER),
    "t5": ("T5ForConditionalGeneration", _T5),
    "mt5": ("MT5ForConditionalGeneration", _T5),
    "bart": ("BartForConditionalGeneration", _BART),
    "mbart": ("MBartForConditionalGeneration", _BART),
    "pegasus": ("PegasusForConditionalGeneration", _BART),
}


def make_tiny(folder, family="bert", *, sentences=SENTENCES, seed=555, **config):
    """Write a random model of a family with a tokenizer of its own; return the folder.

    Args:
        folder: made if it is not there.
        family: a key of `FAMILIES`, which is the `model_type` of its config.json.
        sentences: what the tokenizer learns its words from.
        seed: of the weights.
        config: what its config.json shall say otherwise.
    """
    tokenizer = make_tokenizer(family, sentences)
    class_name, sizes = FAMILIES[family]
    model_class = getattr(transformers, class_name)
    marks = {
        f"{mark}_token_id": getattr(tokenizer, f"{mark}_token_id")
        for mark in ("pad", "bos", "eos", "cls", "sep")
        if getattr(tokenizer, f"{mark}_token_id") is not None
    }
    if FAMILIES[family][0].endswith("ForConditionalGeneration"):
        marks["decoder_start_token_id"] = tokenizer.pad_token_id
    settings = {"vocab_size": len(tokenizer), **marks, **sizes, **config}
    with _quiet(), torch.random.fork_rng():
        torch.manual_seed(seed)
        model = model_class(model_class.config_class(**settings)).eval()
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
    return folder


def make_sentence_transformer(
    folder, family="bert", *, pooling="mean", normalize=True, max_tokens=64, **config
):
    """Write a random sentence-transformers folder: a model, its pooling, unit length; return it."""
    make_tiny(folder, family, **config)
    modules = [("", "Transformer"), ("1_Pooling", "Pooling")]
    modules += [("2_Normalize", "Normalize")] if normalize else []
    _write(
        folder / "modules.json",
        [
            {"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{kind}"}
            for i, (path, kind) in enumerate(modules)
        ],
    )
    for path, _kind in modules[1:]:
        (folder / path).mkdir()
    modes = {"cls": "cls_token", "mean": "mean_tokens", "max": "max_tokens"}
    _write(
        folder / "1_Pooling" / "config.json",
        {"word_embedding_dimension": HIDDEN}
        | {f"pooling_mode_{word}": mode == pooling for mode, word in modes.items()},
    )
    _write(
        folder / "sentence_bert_config.json",
        {"max_seq_length": max_tokens, "do_lower_case": False},
    )
    _write(
        folder / "config_sentence_transformers.json",
        {"prompts": {}, "similarity_fn_name": "cosine"},
    )
    return folder


def make_tokenizer(family, sentences=SENTENCES):
    """Return a tokenizer of the family's kind: word pieces with [CLS], or bytes with </s>."""
    if family in _WORD_PIECES:
        return _word_pieces(sentences)
    return _bytes(
        sentences, starts=family in _STARTED, ends=family in (*_STARTED, "t5", "mt5", "pegasus")
    )


def _word_pieces(sentences):
    # Words and letters, by hand: the trainer of word pieces comes to another list every time.
    pad, unknown, start, end, mask = marks = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
    normalizer = normalizers.BertNormalizer(lowercase=True)
    splitter = pre_tokenizers.BertPreTokenizer()
    words = {
        word
        for sentence in sentences
        for word, _place in splitter.pre_tokenize_str(normalizer.normalize_str(sentence))
    }
    letters = {*string.ascii_lowercase, *string.digits, *chain.from_iterable(words)}
    pieces = [*marks, *sorted(letters | words), *sorted(f"##{letter}" for letter in letters)]
    numbers = {piece: i for i, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.WordPiece(numbers, unk_token=unknown))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizer, splitter
    tokenizer.decoder = decoders.WordPiece()
    _mark(tokenizer, start, end)
    named = {"pad_token": pad, "unk_token": unknown, "mask_token": mask}
    return _fast(tokenizer, **named, cls_token=start, sep_token=end)


def _bytes(sentences, *, starts, ends):
    pad, start, end, unknown, mask = "<pad>", "<s>", "</s>", "<unk>", "<mask>"
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=[pad, start, end, unknown, mask],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(sentences, trainer)
    if starts or ends:
        _mark(tokenizer, start if starts else "", end)
    marks = {"pad_token": pad, "bos_token": start, "eos_token": end, "unk_token": unknown}
    if starts:
        marks |= {"cls_token": start, "sep_token": end, "mask_token": mask}
    return _fast(tokenizer, **marks)


def _mark(tokenizer, start, end):
    """Let every text begin and end with these tokens."""
    marks = [mark for mark in (start, end) if mark]
    first, second = f"{start} $A {end}".strip(), f"$B {end}"
    tokenizer.post_processor = processors.TemplateProcessing(
        single=first,
        pair=f"{first} {second}",
        special_tokens=[(mark, tokenizer.token_to_id(mark)) for mark in marks],
    )


def _fast(tokenizer, **marks):
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, model_max_length=POSITIONS, **marks
    )


@contextlib.contextmanager
def _quiet():
    """Keep the progress bars and the advice of the libraries out of what a test prints."""
    verbosity = transformers.logging.get_verbosity()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        transformers.logging.set_verbosity(verbosity)


def _write(path, value):
    path.write_text(json.dumps(value), encoding="utf-8")
