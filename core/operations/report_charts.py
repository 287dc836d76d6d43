"""The charts of an evaluation, each by the name that its file has."""

from core.charts import curves as drawn
from core.charts.histogram import Scores
from core.charts.histogram import histogram as draw_histogram
from core.charts.matrix import Matrix, matrix, matrix_height
from core.charts.reliability import Bin
from core.charts.reliability import reliability as draw_reliability
from core.charts.scene import Scene
from core.i18n import _
from core.learning import curves
from core.learning.scored import Scored
from core.operations.report_material import Material, thresholds_in

CURVES = {"roc": (curves.roc, drawn.roc)}
CURVES["precision-recall"] = (curves.precision_recall, drawn.precision_recall)
SIZE = (640, 360)  # pixels
FEW_CONCEPTS, N_WEAKEST = 4, 3  # whose curves are drawn one by one


def charts_of(material: Material, *, every_curve: bool = False) -> dict[str, Scene]:
    """Draw what can be drawn of an evaluation, in the order in which it is told.

    Args:
        material: what is known of it.
        every_curve: draw the curves of all concepts and not only the most telling ones.
    """
    pairs = _matrix(material)
    scenes: dict[str, Scene] = {pairs.kind: _draw_matrix(pairs)} if pairs else {}
    if material.scored is None:
        return scenes
    for name, (_find, draw) in CURVES.items():
        found = _curves(material, material.scored, name, every_curve=every_curve)
        if found:
            scenes[name] = draw(found, SIZE)
    scenes["reliability"] = draw_reliability(_bins(material.scored), SIZE)
    scenes["histogram"] = draw_histogram(_scores(material.scored), SIZE)
    return scenes


def weakest(material: Material) -> list[str]:
    """Return the concepts with texts, those with the lowest F1 first."""
    records = [record for record in material.report["concepts"] if record["n_positive"]]
    return [record["name"] for record in sorted(records, key=lambda record: record["f1"] or 0.0)]


def _matrix(material: Material) -> Matrix | None:
    """Return what was said against what was answered, or what occurs together."""
    if material.report["is_exclusive"]:
        totals = tuple(record["n_positive"] for record in material.report["concepts"])
        counts = tuple(tuple(row) for row in material.report["confusion"])
        return Matrix(material.names, counts, totals=totals)
    if material.scored is None:
        return None
    together = curves.matrices(material.scored).together
    totals = tuple(row[i] for i, row in enumerate(together))
    return Matrix(material.names, together, kind="together", totals=totals)


def _draw_matrix(pairs: Matrix) -> Scene:
    return matrix(pairs, (SIZE[0], matrix_height(len(pairs.names), SIZE[0])))


def _curves(
    material: Material, scored: Scored, name: str, *, every_curve: bool
) -> list[drawn.Curve]:
    """Return the curve of all concepts together and those of the weakest, or of each of a few."""
    find, _draw = CURVES[name]
    numbers = {concept.name: concept.colour for concept in material.concepts}
    chosen = thresholds_in(material.report)
    actual, stated = scored.targets == 1, scored.probabilities
    is_few = len(scored.concepts) <= FEW_CONCEPTS or every_curve
    some = scored.concepts if is_few else weakest(material)[:N_WEAKEST]
    result = []
    for concept in ("", *some):
        i = scored.concepts.index(concept) if concept else slice(None)
        found = find(actual[:, i].ravel(), stated[:, i].ravel())
        if found is not None:
            result.append(
                drawn.Curve(
                    name=concept or _("All together"),
                    thresholds=found.thresholds,
                    x=found.x,
                    y=found.y,
                    score=found.area,
                    concept=numbers.get(concept),
                    chosen=chosen.get(concept) or None,
                )
            )
    return result


def _bins(scored: Scored) -> list[Bin]:
    return [
        Bin(
            low=one.low,
            high=one.high,
            n_texts=one.n,
            stated=one.stated,
            right=one.right,
            right_low=one.right_low,
            right_high=one.right_high,
        )
        for one in curves.reliability(scored)
    ]


def _scores(scored: Scored) -> Scores:
    bars = curves.histogram(scored)
    names = (_("right"), _("wrong")) if scored.is_exclusive else ("", "")
    return Scores(bars.edges, bars.right, bars.wrong, names)
