"""The benchmark for graphics processors runs through, also where there is none."""

import pytest
import torch

from tests.benchmarks import gpu


@pytest.mark.skipif(torch.cuda.is_available(), reason="needs a computer without CUDA")
def test_without_a_cuda_device_it_says_so_and_measures_nothing(capsys):
    assert gpu.main([]) == 0
    assert "no CUDA device" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.weights
def test_every_way_to_train_is_measured_on_a_small_network(capsys):
    assert gpu.main(["--device", "cpu", "--tiny"]) == 0
    printed = capsys.readouterr().out
    for name in ("full fine-tuning", "contrastive", "LoRA on an encoder", "HF_GPTNeo_125m_lora"):
        assert name in printed
    assert "our loop, of the bare one" in printed
