"""A language as a producer writes it: the two letters by which a disc tells it."""

from crowdcut.contract.tables import Node, quoted
from crowdcut.contract.values import Context, Misfit, line, wanted
from crowdcut.disc.languages import code_meant, languages


def language(node: Node, context: Context) -> str:
    """A code of ISO 639-1."""
    text = line(node, context)
    if text in languages():
        return text
    code = code_meant(text)
    if code is None:
        raise Misfit(found=f"{quoted(text)} is no language of ISO 639-1", wanted=wanted("language"))
    raise Misfit(
        found=f"a language is two letters, and here stands {quoted(text)}",
        wanted=wanted("language"),
        way_out=f"Did you mean {quoted(code)} ({languages()[code]})?",
    )
