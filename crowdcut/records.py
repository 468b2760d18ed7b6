"""Frozen records to plain JSON and back: how orders, examinations and reports travel between processes."""

import hashlib
import json
import re
from fractions import Fraction
from pathlib import PurePath
from typing import Any, TypeVar

import cattrs
from cattrs.strategies import configure_tagged_union

Record = TypeVar("Record")

_converter = cattrs.Converter(omit_if_default=True)
_converter.register_unstructure_hook(Fraction, str)
_converter.register_structure_hook(Fraction, lambda text, _: Fraction(text))
_converter.register_unstructure_hook_func(lambda kind: isinstance(kind, type) and issubclass(kind, PurePath), str)
# JSON knows one kind of number; 1 where a float is wanted is no slip.
_converter.register_structure_hook(float, lambda number, _: float(number))


def kind_of(record_type: type) -> str:
    """A record's name in snake case: ``LowerThird`` is ``lower_third``, and so is the module that draws it."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", record_type.__name__).lower()


def kind_union(union: Any) -> None:
    """Have the members of ``union`` told apart by a ``kind`` key.

    What that takes is made when it is first needed: it is a quarter of what importing the orders takes.
    """
    made = False

    def is_waiting(kind: Any) -> bool:
        return not made and kind == union

    def configure() -> None:
        nonlocal made
        made = True
        configure_tagged_union(union, _converter, tag_name="kind", tag_generator=kind_of)

    def structuring(kind: Any) -> Any:
        configure()
        return _converter.get_structure_hook(kind)

    def unstructuring(kind: Any) -> Any:
        configure()
        return _converter.get_unstructure_hook(kind)

    _converter.register_structure_hook_factory(is_waiting, structuring)
    _converter.register_unstructure_hook_factory(is_waiting, unstructuring)


def plain(record: Any, of: Any = None) -> Any:
    """``record`` as dicts, lists, strings and numbers; defaults are left out. ``of``: a union it is a member of."""
    return _converter.unstructure(record, unstructure_as=of)


def record_from(data: Any, record_type: type[Record]) -> Record:
    """The record that :func:`plain` turned into ``data``."""
    return _converter.structure(data, record_type)


def canonical(data: Any) -> bytes:
    """One spelling for equal plain data: sorted keys, no white space, UTF-8."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest_of(data: Any) -> str:
    """Hash of plain data: 32 hexadecimal digits (BLAKE2b, 128 bit)."""
    return hashlib.blake2b(canonical(data), digest_size=16).hexdigest()
