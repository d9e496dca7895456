"""XML documents: well-formedness and namespaces by expat, nodes in the flat form of `parser.py`.

Thread: any; nothing is shared.
"""

from __future__ import annotations

from xml.parsers import expat

import msgspec

from sanderling.base.errors import NavigationError

_SEPARATOR = "\x1f"
_KNOWN = {
    "http://www.w3.org/1999/xhtml": 0,
    "http://www.w3.org/2000/svg": 1,
    "http://www.w3.org/1998/Math/MathML": 2,
}
_XML = "http://www.w3.org/XML/1998/namespace"
_XMLNS = "http://www.w3.org/2000/xmlns/"
MAX_EXPANSION = 8 * 1024 * 1024
"""Characters that entities may expand to; expat has a limit of its own on amplification."""


class _Builder:
    def __init__(self) -> None:
        self.out: list[str | int] = []
        self._text: list[str] = []
        self._cdata = False
        self._declared: list[tuple[str | None, str]] = []  # namespace declarations of the next element

    def flush(self) -> None:
        if self._text:
            text = "".join(self._text)
            self._text.clear()
            if self._cdata:
                self.out += (5, text)
            else:
                self.out.append(text)

    def text(self, data: str) -> None:
        self._text.append(data)

    def start_cdata(self) -> None:
        self.flush()
        self._cdata = True

    def end_cdata(self) -> None:
        self.flush()
        self._cdata = False

    def declare(self, prefix: str | None, uri: str | None) -> None:
        self._declared.append((prefix, uri or ""))

    def start(self, name: str, attributes: list[str]) -> None:
        self.flush()
        pairs: list[tuple[str, str, str]] = []  # qualified name, namespace, value
        for prefix, uri in self._declared:
            pairs.append((f"xmlns:{prefix}" if prefix else "xmlns", _XMLNS, uri))
        self._declared.clear()
        for index in range(0, len(attributes), 2):
            uri, qualified = _split(attributes[index])
            pairs.append((qualified, uri, attributes[index + 1]))
        uri, qualified = _split(name)
        if uri == "http://www.w3.org/1999/xhtml" and qualified == "script":
            self.out += (7, 1, 1, -1)
        self.out += (1, qualified, _KNOWN.get(uri, uri), len(pairs))
        for key, namespace, value in pairs:
            # A namespace that is not the default of the name is given with it.
            self.out += (f"{key}{_SEPARATOR}{namespace}" if namespace else key, value)

    def end(self, name: str) -> None:
        self.flush()
        self.out.append(0)

    def comment(self, data: str) -> None:
        self.flush()
        self.out += (2, data)

    def instruction(self, target: str, data: str) -> None:
        self.flush()
        self.out += (4, target, data)

    def doctype(self, name: str, system: str | None, public: str | None, internal: int) -> None:
        self.out += (3, name, public or "", system or "")


def _split(name: str) -> tuple[str, str]:
    """Give namespace and qualified name of what expat reports: `uri SEP local SEP prefix`."""
    parts = name.split(_SEPARATOR)
    if len(parts) == 1:
        return "", parts[0]
    if len(parts) == 2:
        return parts[0], parts[1]
    return parts[0], f"{parts[2]}:{parts[1]}"


def parse_xml(data: bytes, charset: str) -> bytes:
    """Parse an XML document into the flat form.

    Raises:
        NavigationError: it is not well-formed.
    """
    parser = expat.ParserCreate(encoding=charset or None, namespace_separator=_SEPARATOR)
    parser.namespace_prefixes = True
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    builder = _Builder()
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.CommentHandler = builder.comment
    parser.ProcessingInstructionHandler = builder.instruction
    parser.StartDoctypeDeclHandler = builder.doctype
    parser.StartCdataSectionHandler = builder.start_cdata
    parser.EndCdataSectionHandler = builder.end_cdata
    parser.StartNamespaceDeclHandler = builder.declare
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise NavigationError(f"the document is not well-formed XML: {error}") from error
    builder.flush()
    return msgspec.json.encode(builder.out)
