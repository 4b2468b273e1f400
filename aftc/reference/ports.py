"""Ports, airports and ferry routes: codes, zones, customs offices, coordinates.

Codes are UN/LOCODE; coordinates (degrees) and zones are public facts. The ferry routes and their numbers are the
project's own (the real numbering is reference data of each administration).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

__all__ = ["FERRY_ROUTES", "PORTS", "FerryRoute", "Port", "distance_km", "office_zone", "port_of_office"]


@dataclass(frozen=True, slots=True)
class Port:
    """A port or airport: UN/LOCODE, name, zone, customs office of first entry (None abroad), degrees north and east."""

    code: str
    name: str
    zone: str
    office: str | None
    north: float
    east: float

    @property
    def country(self) -> str:
        """ISO 3166 alpha-2 code."""
        return self.code[:2]


@dataclass(frozen=True, slots=True)
class FerryRoute:
    """A ferry route by its number: ports, operator code, usual crossing time in minutes."""

    route_id: str
    departure: str
    arrival: str
    operator: str
    minutes: int


_ROWS = (
    ("GBDVR", "Dover", "Europe/London", "GB000060", 51.13, 1.32),
    ("GBFXT", "Felixstowe", "Europe/London", "GB000051", 51.95, 1.32),
    ("GBHRW", "Harwich", "Europe/London", "GB000052", 51.95, 1.28),
    ("GBIMM", "Immingham", "Europe/London", "GB000101", 53.63, -0.19),
    ("GBHUL", "Hull", "Europe/London", "GB000102", 53.74, -0.28),
    ("GBPME", "Portsmouth", "Europe/London", "GB000120", 50.81, -1.09),
    ("GBSOU", "Southampton", "Europe/London", "GB000150", 50.90, -1.43),
    ("GBLGP", "London Gateway", "Europe/London", "GB000170", 51.50, 0.48),
    ("GBLIV", "Liverpool", "Europe/London", "GB000190", 53.45, -3.02),
    ("GBHYM", "Holyhead", "Europe/London", "GB000210", 53.31, -4.63),
    ("GBLHR", "London Heathrow", "Europe/London", "GB000040", 51.47, -0.45),
    ("GBEMA", "East Midlands", "Europe/London", "GB000045", 52.83, -1.33),
    ("GBSTN", "London Stansted", "Europe/London", "GB000047", 51.89, 0.24),
    ("GBMAN", "Manchester", "Europe/London", "GB000195", 53.35, -2.28),
    ("FRCQF", "Calais", "Europe/Paris", None, 50.97, 1.86),
    ("FRDKK", "Dunkerque", "Europe/Paris", None, 51.03, 2.20),
    ("FRLEH", "Le Havre", "Europe/Paris", None, 49.48, 0.11),
    ("NLHVH", "Hoek van Holland", "Europe/Amsterdam", None, 51.98, 4.13),
    ("NLRTM", "Rotterdam", "Europe/Amsterdam", None, 51.95, 4.05),
    ("BEZEE", "Zeebrugge", "Europe/Brussels", None, 51.34, 3.20),
    ("BEANR", "Antwerpen", "Europe/Brussels", None, 51.27, 4.34),
    ("DEHAM", "Hamburg", "Europe/Berlin", None, 53.53, 9.95),
    ("ESALG", "Algeciras", "Europe/Madrid", None, 36.13, -5.43),
    ("ESVLC", "Valencia", "Europe/Madrid", None, 39.44, -0.32),
    ("IEDUB", "Dublin", "Europe/Dublin", None, 53.35, -6.20),
    ("TRMER", "Mersin", "Europe/Istanbul", None, 36.80, 34.64),
    ("MAPTM", "Tanger Med", "Africa/Casablanca", None, 35.88, -5.50),
    ("COCTG", "Cartagena", "America/Bogota", None, 10.40, -75.53),
    ("COTRB", "Turbo", "America/Bogota", None, 8.09, -76.73),
    ("ECGYE", "Guayaquil", "America/Guayaquil", None, -2.28, -79.91),
    ("PECLL", "Callao", "America/Lima", None, -12.05, -77.15),
    ("BRSSZ", "Santos", "America/Sao_Paulo", None, -23.96, -46.30),
    ("CRMOB", "Moin", "America/Costa_Rica", None, 10.00, -83.08),
    ("DOCAU", "Caucedo", "America/Santo_Domingo", None, 18.42, -69.63),
    ("GHTEM", "Tema", "Africa/Accra", None, 5.63, 0.01),
    ("CNSHA", "Shanghai", "Asia/Shanghai", None, 31.35, 121.60),
    ("CNNGB", "Ningbo", "Asia/Shanghai", None, 29.93, 121.85),
    ("CNYTN", "Yantian", "Asia/Shanghai", None, 22.57, 114.27),
    ("HKHKG", "Hong Kong", "Asia/Hong_Kong", None, 22.33, 114.12),
    ("INNSA", "Nhava Sheva", "Asia/Kolkata", None, 18.95, 72.95),
    ("PKKHI", "Karachi", "Asia/Karachi", None, 24.80, 66.97),
    ("VNSGN", "Ho Chi Minh City", "Asia/Ho_Chi_Minh", None, 10.77, 106.75),
    ("THLCH", "Laem Chabang", "Asia/Bangkok", None, 13.08, 100.90),
    ("USNYC", "New York", "America/New_York", None, 40.68, -74.04),
    ("ZADUR", "Durban", "Africa/Johannesburg", None, -29.87, 31.03),
    ("AEJEA", "Jebel Ali", "Asia/Dubai", None, 25.01, 55.06),
    ("COBOG", "Bogota", "America/Bogota", None, 4.70, -74.15),
    ("ECUIO", "Quito", "America/Guayaquil", None, -0.13, -78.36),
    ("PELIM", "Lima", "America/Lima", None, -12.02, -77.11),
    ("BRGRU", "Guarulhos", "America/Sao_Paulo", None, -23.43, -46.47),
    ("DOSDQ", "Santo Domingo", "America/Santo_Domingo", None, 18.43, -69.67),
    ("JMKIN", "Kingston", "America/Jamaica", None, 17.94, -76.79),
    ("GHACC", "Accra", "Africa/Accra", None, 5.61, -0.17),
    ("NGLOS", "Lagos", "Africa/Lagos", None, 6.58, 3.32),
    ("KENBO", "Nairobi", "Africa/Nairobi", None, -1.32, 36.93),
    ("ZAJNB", "Johannesburg", "Africa/Johannesburg", None, -26.14, 28.25),
    ("MACMN", "Casablanca", "Africa/Casablanca", None, 33.37, -7.59),
    ("INDEL", "Delhi", "Asia/Kolkata", None, 28.57, 77.10),
    ("INBOM", "Mumbai", "Asia/Kolkata", None, 19.09, 72.87),
    ("PKLHE", "Lahore", "Asia/Karachi", None, 31.52, 74.40),
    ("CNPVG", "Shanghai Pudong", "Asia/Shanghai", None, 31.14, 121.81),
    ("CNCAN", "Guangzhou", "Asia/Shanghai", None, 23.39, 113.31),
    ("VNHAN", "Ha Noi", "Asia/Ho_Chi_Minh", None, 21.22, 105.81),
    ("THBKK", "Bangkok", "Asia/Bangkok", None, 13.69, 100.75),
    ("TRIST", "Istanbul", "Europe/Istanbul", None, 41.28, 28.75),
    ("AEDXB", "Dubai", "Asia/Dubai", None, 25.25, 55.36),
    ("USJFK", "New York John F. Kennedy", "America/New_York", None, 40.64, -73.78),
    ("USLAX", "Los Angeles", "America/Los_Angeles", None, 33.94, -118.41),
    ("ESMAD", "Madrid", "Europe/Madrid", None, 40.47, -3.56),
    ("NLAMS", "Amsterdam", "Europe/Amsterdam", None, 52.31, 4.76),
    ("BELGG", "Liege", "Europe/Brussels", None, 50.64, 5.44),
    ("DECGN", "Koln", "Europe/Berlin", None, 50.87, 7.14),
    ("FRCDG", "Paris Charles de Gaulle", "Europe/Paris", None, 49.01, 2.55),
)

PORTS: dict[str, Port] = {row[0]: Port(*row) for row in _ROWS}

FERRY_ROUTES: dict[str, FerryRoute] = {
    route.route_id: route
    for route in (
        FerryRoute("101", "FRCQF", "GBDVR", "NARROWSEA", 90),
        FerryRoute("102", "FRDKK", "GBDVR", "NARROWSEA", 120),
        FerryRoute("103", "FRCQF", "GBDVR", "WHITECLIFF", 90),
        FerryRoute("104", "NLHVH", "GBHRW", "EASTLINE", 420),
        FerryRoute("105", "NLRTM", "GBHUL", "NORTHERN", 660),
        FerryRoute("106", "BEZEE", "GBHUL", "NORTHERN", 720),
        FerryRoute("107", "NLRTM", "GBIMM", "EASTLINE", 780),
        FerryRoute("108", "FRLEH", "GBPME", "WESTFERRY", 480),
        FerryRoute("109", "IEDUB", "GBHYM", "WESTFERRY", 195),
        FerryRoute("110", "IEDUB", "GBLIV", "NORTHERN", 480),
    )
}

_BY_OFFICE = {port.office: port for port in PORTS.values() if port.office}
_COUNTRY_ZONES = {port.country: port.zone for port in reversed(PORTS.values())}


def port_of_office(office: str) -> Port | None:
    """The port of a customs office of first entry, or None where the table does not hold it."""
    return _BY_OFFICE.get(office)


def office_zone(office: str | None) -> str:
    """IANA zone of a customs office: its port's, else its country's, else Europe/London."""
    if office is None:
        return "Europe/London"
    port = _BY_OFFICE.get(office)
    return port.zone if port else _COUNTRY_ZONES.get(office[:2], "Europe/London")


def distance_km(a: Port, b: Port) -> float:
    """Great-circle distance, kilometres (haversine, mean radius 6371 km)."""
    north = radians(b.north - a.north) / 2
    east = radians(b.east - a.east) / 2
    h = sin(north) ** 2 + cos(radians(a.north)) * cos(radians(b.north)) * sin(east) ** 2
    return 2 * 6371.0 * asin(sqrt(h))
