"""Frozen dataclasses to plain JSON values and back.

A published version keeps its value as such a document. Supported field types are the ones a source value
is made of: ``str``, ``int``, ``bool``, ``date``, other dataclasses, ``tuple[T, ...]``, ``dict[str, T]`` and
``T | None``. Keys missing from a document take the field's default, so an old version stays readable after
a field is added.
"""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


def to_document(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: to_document(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [to_document(item) for item in value]
    if isinstance(value, Mapping):
        return {key: to_document(item) for key, item in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def from_document(cls: type[T], document: dict[str, Any]) -> T:
    hints = _hints(cls)  # type: ignore[arg-type]
    return cls(**{name: _value(hints[name], item) for name, item in document.items() if name in hints})


_hints = cache(get_type_hints)


def _value(hint: Any, item: Any) -> Any:
    if item is None:
        return None
    if isinstance(hint, types.UnionType):
        hint = next(arg for arg in get_args(hint) if arg is not types.NoneType)
    if get_origin(hint) is tuple:
        return tuple(_value(get_args(hint)[0], one) for one in item)
    if get_origin(hint) is dict:
        return {key: _value(get_args(hint)[1], one) for key, one in item.items()}
    if hint is date:
        return date.fromisoformat(item)
    return from_document(hint, item) if is_dataclass(hint) else item  # type: ignore[arg-type]
