"""Give out the head of the chain, to be kept where nobody who can change the log can reach."""

from dataclasses import dataclass
from typing import final

from application.audit.ports import ChainReader
from domain.audit.chain import ChainKey, Mark, MarkKind
from domain.audit.errors import ChainBrokenError


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ReadChainHead:
    """Read the newest sealed place."""

    reader: ChainReader
    key: ChainKey

    async def __call__(self) -> Mark | None:
        """The head, ``None`` before anything was sealed; ``ChainBrokenError`` if it is forged."""
        async with self.reader.look() as view:
            head = view.head
        if head is not None and not self.key.has_marked(MarkKind.HEAD, head):
            raise ChainBrokenError("The head of the chain is forged; run `nodrake audit verify`.")
        return head
