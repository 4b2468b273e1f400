"""Tables that data scientists bring: a mapping says what the columns mean, and every row becomes messages."""

from aftc.tabular.mapping import Mapping
from aftc.tabular.reading import read_mapping
from aftc.tabular.rows import BrokenLine, RowMessage, RowWriter
from aftc.tabular.tables import Table, find_tables, open_table

__all__ = ["BrokenLine", "Mapping", "RowMessage", "RowWriter", "Table", "find_tables", "open_table", "read_mapping"]
