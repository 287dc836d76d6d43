"""A deep classifier's network as what reads texts for search, topics and the map."""

import uuid
from dataclasses import asdict
from datetime import UTC, datetime

import numpy as np
import pytest

from core.jobs import Job
from core.learning import text_classifier
from core.learning.text_classifier.as_embedder import embedder_of
from core.learning.text_classifier_settings import (
    FullFineTuningSettings,
    HuggingFaceClassifierSettings,
    HuggingFaceLoraClassifierSettings,
)
from core.operations.add_texts import AddTextsRequest, add_texts
from core.operations.choose_workflow import (
    ChooseWorkflowRequest,
    ReadNewRequest,
    choose_workflow,
    default_of,
    read_new_texts,
)
from core.operations.edit_workflows import WorkflowSaving, edit_workflows
from core.operations.freeze_dataset import FreezeRequest, freeze_dataset
from core.operations.index_texts import embedder_of_index
from core.operations.model_embedder import NotAnEncoderError, embedder_name, load_embedder
from core.records import EMBEDDING_CLASSIFIER, TEXT_CLASSIFIER, ModelVersion
from core.storage.database import transaction
from core.storage.embeddings import find_embeddings
from core.storage.models import ModelMissingError, add_model_version
from core.workflows.graph import Node, Workflow
from core.workflows.node_settings import EmbedderSettings
from tests.core.tiny_models import make_tiny

TEXTS = ("my card has not arrived", "you have won a prize")
SETTINGS = FullFineTuningSettings(num_train_epochs=1, max_tokens=32)


@pytest.fixture(scope="module")
def deep(tmp_path_factory):
    """A deep classifier with a tiny network."""
    base = make_tiny(tmp_path_factory.mktemp("base") / "bert")
    targets = np.array([[1, 0], [0, 1]] * 4, np.int8)
    texts = [f"{text} {i}" for i in range(4) for text in TEXTS]
    return text_classifier.fit(
        texts, targets, concepts=("card", "prize"), settings=SETTINGS, base=base, job=Job()
    )


def keep(app, model, kind=TEXT_CLASSIFIER, name="deep"):
    """Keep a model in an app as a training would."""
    folder = uuid.uuid4().hex
    (app.models / folder).mkdir()
    model.save(app.models / folder)
    frozen = freeze_dataset(app, FreezeRequest(), Job()).version
    with app.database() as db, transaction(db):
        version = ModelVersion(
            *(0, name, kind, 0, datetime.now(UTC), frozen.id),
            settings=asdict(model.settings),
            concepts=("card", "prize"),
            summary={},
            folder=folder,
            log="",
        )
        return add_model_version(db, version)


def test_the_network_reads_texts_as_the_mean_of_its_words(deep):
    embedder = embedder_of(deep, "deep", "1")
    vectors = embedder.encode(TEXTS, Job())

    assert vectors.shape == (2, embedder.dim)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    reader = deep.network
    windows = reader.words.read(TEXTS, Job(), "")
    means = reader.network.vectors(windows, reader.words.padding)
    assert reader.network.pooling == "mean"
    means = means.float().detach().numpy()
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    assert np.abs(vectors - means).max() < 0.02
    assert embedder.encode((), Job()).shape == (0, embedder.dim)


def test_it_reads_for_the_index_once_it_is_in_the_default_workflow(app, db, deep, fake_embedder):
    add_texts(app, AddTextsRequest(TEXTS), Job())
    version = keep(app, deep)
    reads = Node("r", "text-embedder", EmbedderSettings(embedder=embedder_name(version)))
    edit_workflows(app, WorkflowSaving(Workflow("deep", (reads,))), Job())
    choose_workflow(app, ChooseWorkflowRequest("deep"), Job())
    assert default_of(db).embedder == "model:deep:1"

    assert read_new_texts(app, ReadNewRequest(), Job()).n_indexed == 2
    embedder = embedder_of_index(app)
    assert embedder.identity == f"version-{version.folder}"
    kept = find_embeddings(db, embedder.identity, TEXTS, embedder.dim)
    assert len(kept) == 2

    choose_workflow(app, ChooseWorkflowRequest("accurate"), Job())
    assert read_new_texts(app, ReadNewRequest(), Job()).n_indexed == 2
    choose_workflow(app, ChooseWorkflowRequest("deep"), Job())
    assert read_new_texts(app, ReadNewRequest(), Job()).n_indexed == 0


@pytest.mark.parametrize("kind", [HuggingFaceClassifierSettings, HuggingFaceLoraClassifierSettings])
def test_a_classifier_of_a_hugging_face_template_reads_for_the_index(
    app, tmp_path, monkeypatch, kind
):
    base = make_tiny(tmp_path / "bert")
    settings = kind(device="cpu", trainer_config={"num_train_epochs": 1.0, "output_dir": "out"})
    targets = np.array([[1, 0], [0, 1]] * 4, np.int8)
    texts = [f"{text} {i}" for i in range(4) for text in TEXTS]
    model = text_classifier.fit(
        texts, targets, concepts=("card", "prize"), settings=settings, base=base, job=Job()
    )
    add_texts(app, AddTextsRequest(TEXTS), Job())
    version = keep(app, model)
    monkeypatch.setattr("core.operations.model_embedder.load_model", lambda *_a: model)
    reads = Node("r", "text-embedder", EmbedderSettings(embedder=embedder_name(version)))
    edit_workflows(app, WorkflowSaving(Workflow("deep", (reads,))), Job())
    choose_workflow(app, ChooseWorkflowRequest("deep"), Job())
    assert read_new_texts(app, ReadNewRequest(), Job()).n_indexed == 2
    assert embedder_of_index(app).dim == model.network.dim


def test_what_has_no_network_of_its_own_is_refused(app, db, deep):
    add_texts(app, AddTextsRequest(TEXTS), Job())
    keep(app, deep, EMBEDDING_CLASSIFIER, "quick")
    with pytest.raises(NotAnEncoderError):
        load_embedder(db, "model:quick:1")
    with pytest.raises(NotAnEncoderError):
        load_embedder(db, "model:quick")
    with pytest.raises(ModelMissingError):
        load_embedder(db, "model:ghost:1")
