"""What a deviation is that the records tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from equipoise.conduct.canonical import PartialDate
from equipoise.protocol.model import Text

CATEGORIES: Final[Mapping[str, Text]] = {
    "consent": Text(en="Informed consent", zh="知情同意"),
    "eligibility": Text(en="Eligibility", zh="入选与排除标准"),
    "randomisation": Text(en="Randomisation", zh="随机化"),
    "treatment": Text(en="Treatment", zh="研究治疗"),
    "medicine": Text(en="Medicine that is not allowed", zh="违禁合并用药"),
    "visit": Text(en="Visit or its window", zh="访视及其时间窗"),
    "procedure": Text(en="Examination or procedure", zh="检查或操作"),
    "blinding": Text(en="Blinding", zh="盲态"),
    "confidentiality": Text(en="Confidentiality", zh="隐私与保密"),
    "other": Text(en="Other", zh="其他"),
}
SEVERITIES: Final[Mapping[str, Text]] = {
    "minor": Text(en="Minor", zh="轻微"),
    "major": Text(
        en="Major: may affect rights, safety or the main result",
        zh="重大：可能影响权益、安全或主要结果",
    ),
}


class Implied(NamedTuple):
    """A deviation that the records tell.

    Attributes:
        rule: What found it, and where; the same finding has the same name for ever.
        on: The day, where the records say one.
    """

    rule: str
    category: str
    on: PartialDate | None
    words: Text
