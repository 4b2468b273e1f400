"""The element names under which an entry summary declaration gives its parties: one table, read and written."""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape

from aftc.records import Party
from aftc.streams.elements import Group
from aftc.streams.values import country_code

__all__ = [
    "CARRIER",
    "CONSIGNEE",
    "CONSIGNOR",
    "DECLARANT",
    "ITEM_CONSIGNEE",
    "ITEM_CONSIGNOR",
    "ITEM_NOTIFY",
    "NOTIFY",
    "REPRESENTATIVE",
    "PartyElements",
    "leaf",
]


@dataclass(frozen=True, slots=True)
class PartyElements:
    """Names of a party's group and of its leaves, in the order of the schema."""

    group: str
    name: str
    street: str
    postcode: str
    city: str
    country: str
    eori: str

    def read(self, parent: Group) -> Party | None:
        """The party of this role in a group; None where it is absent or says nothing."""
        group = parent.group(self.group)
        if group is None:
            return None
        party = Party(
            eori=group.reference(self.eori),
            name=group.text(self.name),
            street=group.text(self.street),
            city=group.text(self.city),
            postcode=group.reference(self.postcode),
            country=group.take(self.country, country_code),
        )
        return None if party == _NOBODY else party

    def write(self, party: Party | None) -> str:
        """The party's element; nothing for None."""
        if party is None:
            return ""
        leaves = (
            leaf(self.name, party.name)
            + leaf(self.street, party.street)
            + leaf(self.postcode, party.postcode)
            + leaf(self.city, party.city)
            + leaf(self.country, party.country)
            + leaf(self.eori, party.eori)
        )
        return f"<{self.group}>{leaves}</{self.group}>"


def leaf(name: str, value: object) -> str:
    """An element with a text; nothing for None."""
    return "" if value is None else f"<{name}>{escape(str(value))}</{name}>"


_NOBODY = Party()

CONSIGNOR = PartyElements("TRACONCO1", "NamCO17", "StrAndNumCO122", "PosCodCO123", "CitCO124", "CouCO125", "TINCO159")
CONSIGNEE = PartyElements("TRACONCE1", "NamCE17", "StrAndNumCE122", "PosCodCE123", "CitCE124", "CouCE125", "TINCE159")
NOTIFY = PartyElements(
    "NOTPAR670",
    "NamNOTPAR672",
    "StrNumNOTPAR673",
    "PosCodNOTPAR676",
    "CitNOTPAR674",
    "CouCodNOTPAR675",
    "TINNOTPAR671",
)
ITEM_CONSIGNOR = PartyElements(
    "TRACONCO2", "NamCO27", "StrAndNumCO222", "PosCodCO223", "CitCO224", "CouCO225", "TINCO259"
)
ITEM_CONSIGNEE = PartyElements(
    "TRACONCE2", "NamCE27", "StrAndNumCE222", "PosCodCE223", "CitCE224", "CouCE225", "TINCE259"
)
ITEM_NOTIFY = PartyElements(
    "PRTNOT640",
    "NamPRTNOT642",
    "StrNumPRTNOT646",
    "PstCodPRTNOT644",
    "CtyPRTNOT643",
    "CouCodGINOT647",
    "TINPRTNOT641",
)
REPRESENTATIVE = PartyElements("TRAREP", "NamTRE1", "StrAndNumTRE1", "PosCodTRE1", "CitTRE1", "CouCodTRE1", "TINTRE1")
DECLARANT = PartyElements("PERLODSUMDEC", "NamPLD1", "StrAndNumPLD1", "PosCodPLD1", "CitPLD1", "CouCodPLD1", "TINPLD1")
CARRIER = PartyElements(
    "TRACARENT601",
    "NamTRACARENT604",
    "StrNumTRACARENT607",
    "PstCodTRACARENT606",
    "CtyTRACARENT603",
    "CouCodTRACARENT605",
    "TINTRACARENT602",
)
