"""Reading what is told to the page, as an English page says it."""

from typing import Any

import msgspec

from playground.sentences import Sentence


def in_english(message: Any) -> Any:
    """Return a message, decoded into plain values or structs, with English in place of each protocol.Told."""
    match message:
        case [str(text), dict(values)]:
            return str(Sentence(text, in_english(values)))
        case list() | tuple():
            return type(message)(map(in_english, message))
        case dict():
            return {name: in_english(value) for name, value in message.items()}
        case msgspec.Struct():
            changes = {name: in_english(getattr(message, name)) for name in message.__struct_fields__}
            return msgspec.structs.replace(message, **changes)
    return message
