"""What a score answers: a pure function of version, sums and bundle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from msgspec import structs

from aftc.dissemination import in_score
from aftc.errors import BundleError
from aftc.features.catalogue import SCHEMA
from aftc.features.extract import extract
from aftc.models.bundle import Bundle, load_bundle
from aftc.models.placed import current_digest, load_placed, public_key_path
from aftc.models.signing import load_public_key
from aftc.records import ConsignmentVersion, Handling, Mode, Threat
from aftc.scoring import SHOWN_FEATURES, STREAMS, Assessment, Model
from aftc.testing import a_booking, a_selector_hit, a_version


@pytest.fixture(scope="module")
def bundle(made_store: Path) -> Bundle:
    """The small store's bundle."""
    return load_placed(made_store, current_digest(made_store))


@pytest.fixture(scope="module")
def model(bundle: Bundle) -> Model:
    """Its model."""
    return Model(bundle)


def _assess(model: Model, version: ConsignmentVersion, *, total: int = 0) -> Assessment:
    return model.assess(version, extract(version), np.full(len(SCHEMA.windows), total, np.int64))


def test_the_same_inputs_give_the_same_assessment(bundle: Bundle, model: Model) -> None:
    """Two models of one bundle agree in every field, bit for bit."""
    assert _assess(model, a_version(), total=3) == _assess(Model(bundle), a_version(), total=3)


def test_reasons_name_every_heading_once(model: Model) -> None:
    """All headings of the catalogue, the strongest first, each with at most three features."""
    reasons = _assess(model, a_version(), total=2).reasons
    assert {each.group for each in reasons} == {feature.group.value for feature in SCHEMA.features}
    sizes = [abs(each.contribution) for each in reasons]
    assert sizes == sorted(sizes, reverse=True)
    assert all(1 <= len(each.features) <= SHOWN_FEATURES for each in reasons)


def test_the_first_feature_moved_the_margin_the_headings_way(model: Model) -> None:
    """The sentence that stands for a heading never speaks against it."""
    reasons = _assess(model, a_version(), total=2).reasons
    assert all(each.features[0].contribution * each.contribution >= 0 for each in reasons)


def test_an_explanation_has_every_feature(model: Model) -> None:
    """Base and all features sum to the margin within 1e-6, for a fitted threat and a fallback alike."""
    assessment = _assess(model, a_version(), total=1)
    for threat in (Threat.ANY, Threat.COCAINE):
        told = model.explain(assessment, threat)
        features = [feature for reason in told.reasons for feature in reason.features]
        assert sorted(feature.name for feature in features) == sorted(SCHEMA.names)
        assert told.base + sum(each.contribution for each in features) == pytest.approx(told.margin, abs=1e-6)


def test_a_threat_that_the_bundle_does_not_score_is_told(model: Model) -> None:
    """There is no explanation of a threat without a score."""
    with pytest.raises(BundleError, match="heroin"):
        model.explain(_assess(model, a_version()), Threat.HEROIN)


@pytest.mark.parametrize("mode", Mode)
def test_missing_streams_follow_the_mode(model: Model, mode: Mode) -> None:
    """Known and missing streams together are those of the mode, and what spoke beyond them is known too."""
    assessment = _assess(model, a_version(mode=mode, manifest=None, booking=a_booking()))
    assert assessment.streams_known == ("ens", "ferry_booking")
    assert assessment.streams_missing == tuple(each for each in STREAMS[mode] if each not in ("ens", "ferry_booking"))


def test_degradations_are_named(model: Model) -> None:
    """No history, a missing stream and a comparison with all modes are said; a fuller score says less."""
    poor = _assess(model, a_version(manifest=None))
    fuller = _assess(model, a_version(), total=1)
    assert poor.degradations == ("streams_missing", "percentile_among_all_modes", "no_history_of_any_entity")
    assert fuller.degradations == ("percentile_among_all_modes",)


def test_flags_of_records_are_told_once(model: Model) -> None:
    """What reading noted about any of the messages is in the answer, without repeats."""
    version = a_version(flags=("linked late",))
    assert version.entry is not None
    version = structs.replace(version, entry=structs.replace(version.entry, flags=("no seal", "linked late")))
    assert _assess(model, version).flags == ("linked late", "no seal")


def test_a_bundle_of_another_schema_is_refused(bundle: Bundle) -> None:
    """Vectors of these features are not scored by a model of others."""
    with pytest.raises(BundleError, match="feature schema"):
        Model(replace(bundle, manifest=replace(bundle.manifest, schema_digest="0" * 64)))


def test_a_bundle_without_percentiles_is_refused_when_loaded(bundle: Bundle) -> None:
    """A missing table is found at the start, not at the first consignment of that mode."""
    with pytest.raises(BundleError, match="quantiles"):
        Model(replace(bundle, manifest=replace(bundle.manifest, quantiles=())))


def test_another_model_answers_otherwise(
    made_store: Path, model: Model, make_bundle: Callable[[Path, Path, int], None], tmp_path: Path
) -> None:
    """The margins come from the bundle: another seed's differ."""
    make_bundle(made_store, tmp_path / "other", 3)
    other = Model(load_bundle(tmp_path / "other", load_public_key(public_key_path(made_store))))
    assert _assess(other, a_version()).threats[0].margin != _assess(model, a_version()).threats[0].margin


def test_selectors_are_told_of_by_their_handling(model: Model) -> None:
    """A score names each selector that its agency lets it name, as fact or assessment with its code, and no other."""
    hits = tuple(a_selector_hit(selector_id=f"S-{each.value}", handling=each) for each in Handling)
    flags = _assess(model, a_version(selectors=hits)).flags
    assert [flag for flag in flags if "handling" in flag] == [in_score(each) for each in hits]
    assert "S-H1" in " ".join(flags)
    assert "S-H2" not in " ".join(flags)
    assert "S-H3" not in " ".join(flags)
