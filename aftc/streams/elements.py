"""An XML message read safely: the hardened parser, and an element seen as named leaves and groups.

A document type definition is refused outright, so there are no entities to expand and nothing to fetch; nesting
is bounded by the parser's own limit of 256.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Self, TypeVar

from aftc.clock import Instant
from aftc.errors import MalformedMessage, MessageError, OversizeMessage
from aftc.streams.bounds import MOST_ATTRIBUTES, MOST_TAGS, bound
from aftc.streams.values import Flags, local_minute, reference, text

if TYPE_CHECKING:
    from lxml.etree import XMLParser, _Element

__all__ = ["Group", "element_among", "elements_named", "looks_like_xml", "message_names", "read_xml", "root_name"]

Value = TypeVar("Value")

_PROLOGUE = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|<\?.*?(?:\?>|\Z)|<!--.*?(?:-->|\Z)|<!DOCTYPE[^<\[]*(?:\[.*?\]\s*)?>)*", re.DOTALL
)
_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]*)")
_ANOTHER = ("Extra content at the end of the document", "XML declaration allowed only at the start of the document")
_ELEMENT = re.compile(rb"<!--.*?(?:-->|\Z)|<(?:[A-Za-z_][\w.-]*:)?(CC[0-9]{3}[A-Z])[\s/>]", re.DOTALL)
_DOCTYPE = re.compile(rb"<!DOCTYPE")


def looks_like_xml(head: bytes) -> bool:
    """Whether the text begins as XML does."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<"


def root_name(head: bytes) -> str | None:
    """Name of the first element, prefix included; None where the head does not reach it."""
    prologue = _PROLOGUE.match(head)
    root = _ROOT.match(head, prologue.end() if prologue else 0)
    return root.group(1).decode("ascii", "replace") if root else None


@lru_cache(maxsize=1)  # several streams ask the same of one message
def message_names(head: bytes) -> tuple[str, ...]:
    """Names of customs messages (CC and so on) among the elements that begin in the text, whatever their prefix."""
    if b"CC" not in head or not looks_like_xml(head):
        return ()
    return tuple(found.decode() for found in _ELEMENT.findall(head) if found)


def element_among(head: bytes, names: Container[str]) -> str | None:
    """The first of these customs messages that begins in the text; None where none does."""
    return next((name for name in message_names(head) if name in names), None)


@lru_cache(maxsize=1)
def _parser() -> XMLParser:
    # Imported here because the bare install, which builds and reads the other streams, has no lxml.
    from lxml import etree

    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def read_xml(raw: bytes) -> _Element:
    """Root of a document.

    Raises:
        MalformedMessage: not well-formed, of an unreadable encoding, or with a document type definition.
        OversizeMessage: nested deeper, or with longer names or texts, than the parser's limits; too many tags or
            attributes.
    """
    from lxml import etree

    bound(raw.count(b"<"), MOST_TAGS, "tags")
    bound(raw.count(b"="), MOST_ATTRIBUTES, "attributes")
    if _DOCTYPE.search(raw):
        raise _doctype()
    try:
        root = etree.fromstring(raw, _parser())
    except etree.XMLSyntaxError as error:
        raise _syntax(error.msg or "no document") from error
    except (ValueError, LookupError) as error:
        raise MalformedMessage("well-formed XML", str(error)) from error
    if root.getroottree().docinfo.internalDTD is not None:  # in an encoding that hides it from the search above
        raise _doctype()
    return root


def _doctype() -> MessageError:
    return MalformedMessage("XML without a document type definition", "<!DOCTYPE", advice="send it without")


def _syntax(words: str) -> MessageError:
    if "xcessive depth" in words or "too long" in words or "limit" in words:
        return OversizeMessage("XML within 256 levels and 10 MB a text", words)
    if words.startswith(_ANOTHER):
        return MalformedMessage("one XML document", "more after its end", advice="send each in a file of its own")
    return MalformedMessage("well-formed XML", words, advice="send the whole message again")


@lru_cache(maxsize=4_096)  # the names of a format are few; a hostile message only turns them out
def _local(tag: str) -> str:
    return tag.rpartition("}")[2] if tag[0] == "{" else tag


def elements_named(root: _Element, names: frozenset[str]) -> Iterator[_Element]:
    """Elements of these local names, whatever their namespace, wherever they stand; not those inside one another."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if _local(element.tag) in names:
            yield element
        else:
            waiting.extend(reversed(element))


class Group:
    """An element whose children are leaves (text) and groups (elements), read with flags.

    Args:
        element: The element.
        path: How errors and flags name it.
        flags: Where what cannot be read is noted.
    """

    __slots__ = ("_flags", "_leaves", "_path", "groups")

    REPEATED: frozenset[str] = frozenset()
    """Leaves that may stand more than once."""

    def __init__(self, element: _Element, path: str, flags: Flags) -> None:
        self._flags = flags
        self._path = path
        self._leaves: dict[str, str] = {}
        self.groups: dict[str, list[_Element]] = {}
        leaves = self._leaves
        for child in element:
            tag = child.tag
            name = tag if tag[0] != "{" else _local(tag)
            if len(child):
                self.groups.setdefault(name, []).append(child)
            elif name not in leaves:
                leaves[name] = child.text or ""
            elif name not in self.REPEATED:
                flags.add(f"{path}/{name}", "repeated, first one taken", child.text)

    def _leaf(self, name: str) -> str | None:
        """A leaf's text as the schema's tokens collapse it; None where the leaf is absent."""
        value = self._leaves.get(name)
        return " ".join(value.split()) if value else value

    def take(self, name: str, read: Callable[[str], Value]) -> Value | None:
        """A leaf by its reader; None where it is absent, empty or, with a flag, unreadable."""
        value = self._leaf(name)
        if not value:
            return None
        try:
            return read(value)
        except ValueError as problem:
            self._flags.add(f"{self._path}/{name}", str(problem), value)
            return None

    def text(self, name: str) -> str | None:
        """A leaf of free text."""
        return self.take(name, text)

    def reference(self, name: str) -> str | None:
        """A leaf that identifies something."""
        return self.take(name, reference)

    def expected(self, name: str, read: Callable[[str], Value]) -> Value | None:
        """A leaf that the format demands but the record can do without: flagged where absent."""
        if not self._leaf(name):
            self._flags.add(f"{self._path}/{name}", "missing")
        return self.take(name, read)

    def required(self, name: str, read: Callable[[str], Value]) -> Value:
        """A leaf without which the message means nothing.

        Raises:
            MalformedMessage: absent or unreadable.
        """
        value = self._leaf(name)
        if not value:
            raise MalformedMessage(f"{self._path}/{name}", "no such element" if value is None else "an empty element")
        try:
            return read(value)
        except ValueError as problem:
            raise MalformedMessage(f"a readable {self._path}/{name}", f"{problem}: {value[:40]!r}") from problem

    def local(self, name: str, zone: str, *, expected: bool = True) -> Instant | None:
        """A leaf yyyymmddHHMM in a zone; flagged where absent, if it is expected."""
        moment: datetime | None = self.expected(name, local_minute) if expected else self.take(name, local_minute)
        return self._flags.local(f"{self._path}/{name}", moment, zone)

    def group(self, name: str) -> Self | None:
        """The one group of a name; None where absent."""
        found = self.groups.get(name)
        if not found:
            return None
        if len(found) > 1:
            self._flags.add(f"{self._path}/{name}", "repeated, first one taken")
        return type(self)(found[0], f"{self._path}/{name}", self._flags)

    def each(self, name: str) -> Iterator[Self]:
        """The groups of a name in order."""
        for place, element in enumerate(self.groups.get(name, ()), start=1):
            yield type(self)(element, f"{self._path}/{name}[{place}]", self._flags)
