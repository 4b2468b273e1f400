"""The words of the model card, as data: `training.card` fills the places with figures computed by the run."""

from __future__ import annotations

from typing import Final

from aftc.models.card import Template

__all__ = ["CARD"]

CARD: Final = Template(
    title="Model card: freight risk, run {run}",
    paragraphs=(
        "Everything this model was made from and judged on is synthetic where the messages came from a generated "
        "world: its people, companies, consignments and seizures are invented. A figure below says how the model does "
        "on the messages that it was given, and nothing about real traffic.",
    ),
    sections=(
        Template(
            title="Purpose",
            paragraphs=(
                "For each consignment on its way, the model states the chance that an examination would find a threat "
                "aboard: any threat, and each of {threat_count} kinds. Ports rank units (vehicles, trailers, "
                "containers) by these chances, because they can search a few in a hundred.",
                "The score is about goods and movements, not about persons. It supports a decision and makes none.",
            ),
        ),
        Template(
            title="A person decides",
            paragraphs=(
                "An officer decides on every examination. The score and its reasons are shown with what is known and "
                "what is missing; the officer may set it aside, and both the decision and the score are recorded. No "
                "consignment may be selected or released by the score alone.",
            ),
        ),
        Template(
            title="Data",
            paragraphs=(
                "Training set {training_set}: {rows} consignments at their decision points, up to message {sequence} "
                "(received {horizon}). {labelled} were examined and so have a label; the others are unlabelled, not "
                "negative. Digest {digest}; feature schema {schema}.",
                "A decision point is a consignment's last version known before the cut-off that it states itself, "
                "before its unit's selection was issued and before the first control message about it. {late} "
                "consignments had no version in time and enter with their first; {open} had not reached theirs.",
                "Labels are the last revision of each examination. A find labels the consignment that the officer "
                "named, and the others aboard as without; a find that names none labels the unit alone.",
            ),
            tables=("parts", "positives", "streams"),
        ),
        Template(
            title="How the selection was corrected",
            paragraphs=(
                "Who was examined was chosen by a policy, not by chance. Each examined consignment is weighted by the "
                "inverse of the probability with which its unit was selected, as recorded before the result; weights "
                "above {cap} are cut to it ({capped} of {labelled} were). The random stratum, {random} consignments "
                "examined because a random draw fired, checks these weights: by it alone the base rate of any threat "
                "is {stratum_rate}, by the weights {base_rate}.",
            ),
        ),
        Template(
            title="Models",
            paragraphs=(
                "Gradient-boosted trees for each threat with at least {minimum} finds, with monotone constraints "
                "where the domain says which way risk goes, stopped early on the average precision of validation. A "
                "threat with fewer finds has no model of its own: it takes a share of the chance of any threat, "
                "shrunken towards an even share, and so ranks consignments as any threat does.",
                "The graph that serves was compared with the trained trees on {parity_rows} vectors, on thresholds, "
                "missing values and unknown codes among them: {parity_differing} margins differed in any bit.",
            ),
            tables=("threats", "calibrations"),
        ),
        Template(
            title="Figures on the test period",
            paragraphs=(
                "From {test_from} to {test_until}: {test_rows} consignments in {test_units} units, later than anything "
                "that the model was fitted or calibrated on. Estimates for all consignments from the examined ones, by "
                "weights; in brackets the 95 % interval by resampling units. Capacity counts units, those never "
                "examined among them. n/a: the examined rows do not determine the figure.",
            ),
            tables=("ranking", "capacity", "modes"),
            sections=(
                Template(
                    title="Against the legacy rule",
                    paragraphs=(
                        "The legacy rule selected {legacy_units} of the units examined ({legacy_share} of all), and "
                        "{legacy_hit} of them held a threat. The model's highest-ranked units of the same number are "
                        "estimated at {legacy_model}.",
                    ),
                    optional=True,
                ),
                Template(
                    title="Calibration",
                    paragraphs=("Brier score of any threat: {brier}. Tenths of the ranking, least probable first:",),
                    tables=("calibration",),
                ),
            ),
        ),
        Template(
            title="Disparity",
            paragraphs=(
                "Had the highest-ranked {disparity_share} of units been searched: how often units of each group, and "
                "how many of these searches would have found something. Countries of fewer than {fewest} units are "
                "counted together. Mode and country of dispatch can stand for protected characteristics: a group "
                "searched often and rarely with a find asks for a person's look.",
            ),
            tables=("disparity",),
            optional=True,
        ),
        Template(
            title="Protected characteristics",
            paragraphs=(
                "Nationality, sex, date of birth, religion, ethnicity and other protected characteristics are no "
                "features, nor are names of persons, what derives from them, or identity codes of parties and "
                "vehicles. Parties enter by their record of consignments and examinations alone. Country of dispatch "
                "and origin of goods are features of the goods and are tested above as possible proxies.",
            ),
        ),
        Template(
            title="Features",
            paragraphs=(
                "The {feature_count} features in the order of their share of the gain in the model of any threat.",
            ),
            tables=("features",),
        ),
        Template(
            title="Limits",
            paragraphs=(
                "Nothing is known of what examinations miss: a consignment found clean counts as clean.",
                "Relations change when smugglers do; figures hold for the period named, and a model is to be judged "
                "again on each later one.",
                "A consignment seen by few streams, or whose parties have no history here, is scored from less; the "
                "reply says so.",
                "A unit's chance, 1 - prod(1 - p) over its consignments, takes these as independent.",
                "Examinations that ended without a search (no show, missed, no resources, withdrawn) are taken to say "
                "nothing about what was aboard.",
            ),
        ),
    ),
)
