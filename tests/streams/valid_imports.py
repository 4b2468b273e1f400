"""Import declarations and notifications that their formats can express exactly, at random.

Left out is what the formats cannot hold: fractions of a second, runs of spaces, an empty party.
"""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from aftc.clock import SECOND
from aftc.records import (
    DeclarationNotification,
    DeclaredValue,
    GoodsLocation,
    ImportDeclaration,
    ImportItem,
    Party,
    PreviousDocument,
    SupportingDocument,
)
from tests.streams.valid_values import codes, instants, words

__all__ = ["import_declarations", "notifications"]

INSTANTS = st.none() | instants(SECOND)
REFERENCE, CODE = st.none() | words(35), st.none() | codes("[A-Z0-9]{1,3}")
COUNTRY, COUNT = st.none() | codes("[A-Z]{2}"), st.none() | st.integers(0, 99_999)
MASS, NUMBERS = st.none() | st.integers(0, 99_999_999_999), st.lists(words(17), max_size=2).map(tuple)
VALUE = st.none() | st.builds(DeclaredValue, st.integers(0, 10**15 - 1), codes("[A-Z]{3}"))
PARTY = st.none() | st.builds(
    Party,
    eori=st.none() | codes("[A-Z]{2}[A-Z0-9]{1,15}"),
    name=REFERENCE,
    street=REFERENCE,
    city=REFERENCE,
    postcode=st.none() | words(9),
    country=COUNTRY,
).filter(lambda each: each != Party())
LOCATION = st.none() | st.builds(GoodsLocation, name=REFERENCE, kind=CODE, qualifier=CODE, country=COUNTRY).filter(
    lambda each: each != GoodsLocation(None)
)
PREVIOUS = st.lists(st.builds(PreviousDocument, CODE, words(35), CODE, COUNT), max_size=2).map(tuple)
SHOWN = st.lists(st.builds(SupportingDocument, codes("[A-Z][A-Z0-9]{3}"), REFERENCE, CODE), max_size=2).map(tuple)


@st.composite
def _import_items(draw: DrawFn, number: int) -> ImportItem:
    return ImportItem(
        number=number,
        description=draw(st.none() | words(280)),
        hs_code=draw(st.none() | codes("[0-9]{4,10}")),
        taric=draw(st.none() | codes("[0-9]{2}")),
        gross_mass_g=draw(MASS),
        net_mass_g=draw(MASS),
        packages=draw(COUNT),
        package_kind=draw(CODE),
        procedure=draw(st.none() | codes("[0-9]{4}")),
        more_procedures=tuple(draw(st.lists(codes("[0-9][A-Z0-9]{2}"), max_size=2))),
        origin_country=draw(COUNTRY),
        preferential_origin=draw(COUNTRY),
        dispatch_country=draw(COUNTRY),
        price=draw(VALUE),
        statistical_value=draw(VALUE),
        customs_value=draw(VALUE),
        valuation_method=draw(CODE),
        preference=draw(CODE),
        containers=draw(NUMBERS),
        previous_documents=draw(PREVIOUS),
        documents=draw(SHOWN),
    )


@st.composite
def import_declarations(draw: DrawFn) -> ImportDeclaration:
    """Import declarations of all types, few of whose parts fit together."""
    count = draw(st.integers(1, 3))
    return ImportDeclaration(
        lrn=draw(words(22)),
        kind=draw(codes("IM[A-Z]")),
        accepted_at=draw(INSTANTS),
        declarant=draw(PARTY),
        representative=draw(PARTY),
        representation=draw(CODE),
        exporter=draw(PARTY),
        importer=draw(PARTY),
        buyer=draw(PARTY),
        seller=draw(PARTY),
        transport_mode=draw(CODE),
        conveyance_nationality=draw(COUNTRY),
        conveyance_identity=draw(REFERENCE),
        conveyance_identity_kind=draw(CODE),
        containerised=draw(st.none() | st.booleans()),
        goods_location=draw(LOCATION),
        place_of_loading=draw(CODE),
        supervising_office=draw(CODE),
        dispatch_country=draw(COUNTRY),
        destination_country=draw(COUNTRY),
        ucr=draw(REFERENCE),
        delivery_terms=draw(CODE),
        delivery_place=draw(REFERENCE),
        invoice=draw(VALUE),
        freight=draw(VALUE),
        total_items=draw(st.integers(0, 99)),
        total_packages=draw(COUNT),
        containers=draw(NUMBERS),
        previous_documents=draw(PREVIOUS),
        items=tuple(draw(_import_items(number)) for number in range(1, count + 1)),
    )


@st.composite
def notifications(draw: DrawFn) -> DeclarationNotification:
    """Notifications of any function, which name a declaration by LRN, MRN or both."""
    mrn = draw(st.none() | codes("[0-9]{2}[A-Z]{2}[A-Z0-9]{13}[0-9]"))
    return DeclarationNotification(
        function=draw(codes("[0-9]{2}")),
        notification_id=draw(REFERENCE),
        issued_at=draw(INSTANTS),
        lrn=draw(REFERENCE) if mrn else draw(words(22)),
        mrn=mrn,
        version=draw(COUNT),
        accepted_at=draw(INSTANTS),
    )
