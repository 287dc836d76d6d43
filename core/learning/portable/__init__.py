"""Models as folders that public libraries open, without Textwright.

Quick and deep classifiers become sentence-transformers folders, those of the Hugging Face
templates and models that write the layout of transformers. What these libraries do not know (the
wording, the gate, how logits become probabilities) lies beside as JSON and safetensors, and the
short script of the folder works it out.
"""

from core.learning.portable.layout import Plain, requirements, write_plain
from core.learning.portable.to_onnx import (
    NotOnnxError,
    OnnxDiffersError,
    OnnxMissingError,
    check_onnx_is_here,
    write_onnx,
)

__all__ = [
    "NotOnnxError",
    "OnnxDiffersError",
    "OnnxMissingError",
    "Plain",
    "check_onnx_is_here",
    "requirements",
    "write_onnx",
    "write_plain",
]
