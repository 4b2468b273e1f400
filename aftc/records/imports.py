"""What importers declare to customs, and what customs tells them: import declarations and notifications about them."""

from __future__ import annotations

from msgspec import Struct

from aftc.clock import Instant
from aftc.records.declarations import DeclaredValue, Party

__all__ = [
    "DeclarationNotification",
    "GoodsLocation",
    "ImportDeclaration",
    "ImportItem",
    "PreviousDocument",
    "SupportingDocument",
]


class PreviousDocument(Struct, frozen=True):
    """What goods were under before (data element 2/1): DCR a UCR, 355 an entry summary, 705 and so on a bill.

    `category` is X, Y or Z; `item` the number of the goods item in that document.
    """

    kind: str | None
    reference: str
    category: str | None = None
    item: int | None = None


class SupportingDocument(Struct, frozen=True):
    """A document, certificate or authorisation shown with goods (2/3): its code, number and status."""

    kind: str
    reference: str | None = None
    status: str | None = None


class GoodsLocation(Struct, frozen=True):
    """Where the goods may be examined (5/23): kind of place, how it is named, country, name."""

    name: str | None
    kind: str | None = None
    qualifier: str | None = None
    country: str | None = None


class ImportItem(Struct, frozen=True):
    """One goods item of an import declaration.

    Attributes:
        hs_code: Commodity code; `taric` the two digits after it.
        procedure: Requested and previous procedure, four digits; `more_procedures` the additional ones.
        origin_country: Where the goods were made; `preferential_origin` where for a preference.
        price: Of the item on the invoice; `statistical_value` and `customs_value` where stated besides.
        valuation_method: By which the customs value is found, 1 for the price paid.
        preference: Code of the preference claimed, 100 for none.
    """

    number: int
    description: str | None = None
    hs_code: str | None = None
    taric: str | None = None
    gross_mass_g: int | None = None
    net_mass_g: int | None = None
    packages: int | None = None
    package_kind: str | None = None
    procedure: str | None = None
    more_procedures: tuple[str, ...] = ()
    origin_country: str | None = None
    preferential_origin: str | None = None
    dispatch_country: str | None = None
    price: DeclaredValue | None = None
    statistical_value: DeclaredValue | None = None
    customs_value: DeclaredValue | None = None
    valuation_method: str | None = None
    preference: str | None = None
    containers: tuple[str, ...] = ()
    previous_documents: tuple[PreviousDocument, ...] = ()
    documents: tuple[SupportingDocument, ...] = ()


class ImportDeclaration(Struct, frozen=True):
    """A customs import declaration (CDS). It has no movement reference number: customs gives it one.

    Attributes:
        lrn: The declarant's own number for it.
        kind: IM and the additional type: A and D standard, arrived and before arrival; C and F simplified; Y and Z
            supplementary; J and K into the declarant's records.
        accepted_at: When it counts as accepted (event time), stated in supplementary declarations.
        representation: 2 direct, 3 indirect.
        conveyance_identity: Means of transport on arrival; `conveyance_identity_kind` says what number it is (10 IMO).
        place_of_loading: Airport or port.
        invoice: Total invoiced; `freight` what of it the carriage is said to cost besides.
        containers: Those named for all goods; a goods item may name its own.
    """

    lrn: str
    kind: str
    accepted_at: Instant | None
    declarant: Party | None
    representative: Party | None
    representation: str | None
    exporter: Party | None
    importer: Party | None
    buyer: Party | None
    seller: Party | None
    transport_mode: str | None
    conveyance_nationality: str | None
    conveyance_identity: str | None
    conveyance_identity_kind: str | None
    containerised: bool | None
    goods_location: GoodsLocation | None
    place_of_loading: str | None
    supervising_office: str | None
    dispatch_country: str | None
    destination_country: str | None
    ucr: str | None
    delivery_terms: str | None
    delivery_place: str | None
    invoice: DeclaredValue | None
    freight: DeclaredValue | None
    total_items: int | None
    total_packages: int | None
    containers: tuple[str, ...]
    previous_documents: tuple[PreviousDocument, ...]
    items: tuple[ImportItem, ...]
    flags: tuple[str, ...] = ()


class DeclarationNotification(Struct, frozen=True):
    """What customs tells of an import declaration; it has an LRN, an MRN, or both.

    `function` says what: 01 accepted, 02 received, 03 rejected, 05 to be examined, 06 documents wanted, and others that
    end it. What is told of 05 and 06 follows from a selection: linking keeps it away from the consignment's own facts.
    `issued_at` is event time, `version` that of the declaration.
    """

    function: str
    notification_id: str | None
    issued_at: Instant | None
    lrn: str | None
    mrn: str | None
    version: int | None
    accepted_at: Instant | None = None
    flags: tuple[str, ...] = ()
