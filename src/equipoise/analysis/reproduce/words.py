"""The sentences of the findings, in English and Chinese."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

from equipoise.protocol.model import Text
from equipoise.protocol.published_checks import Verdict


def _text(en: str, zh: str) -> Text:
    return Text(en=en, zh=zh)


VERDICTS: Final[dict[Verdict, Text]] = {
    "holds": _text("holds", "成立"),
    "does not hold": _text("does not hold", "不成立"),
    "only if": _text("only if", "仅在特定条件下成立"),
    "cannot be checked": _text("cannot be checked", "无法核对"),
}

SENTENCES: Final[dict[str, Text]] = {
    # percentages
    "ratio": _text("{x} of {n} is {value} %.", "{x}/{n} = {value} %。"),
    "other count": _text(
        "The printed {printed} % is {others}.", "原文的 {printed} % 相当于 {others}。"
    ),
    "no other count": _text(
        "No count over {n} gives {printed} %.", "以 {n} 为分母，没有任何整数得到 {printed} %。"
    ),
    "no denominator": _text(
        "No denominator up to {largest} gives {printed} % for a count of {x}.",
        "分子为 {x} 时，不超过 {largest} 的分母都得不到 {printed} %。",
    ),
    "set gives": _text("Over {label} ({n}): {counts}.", "{label}（{n}）：{counts}。"),
    "set gives nothing": _text(
        "Over {label} ({n}): no count gives it.", "{label}（{n}）：没有整数能得到。"
    ),
    "all counts": _text(
        "All counts over at most {largest} that give {printed} %: {counts}.",
        "分母不超过 {largest} 时，能得到 {printed} % 的全部整数组合：{counts}。",
    ),
    # intervals
    "interval given by": _text(
        "The printed interval is {method}, {counts}; of {tried} combinations of counts and method "
        "that give both percentages, {none}.",
        "原文的区间来自 {method}，{counts}；"
        "在同时符合两个百分比的 {tried} 种计数与方法组合中，{none}。",
    ),
    "no other": _text("no other gives it", "没有其他组合能得到"),
    "others": _text("these give it too: {others}", "以下组合也能得到：{others}"),
    "limits by": _text("{method} {lower} to {upper}", "{method} {lower} 至 {upper}"),
    "other methods": _text(
        "On the same counts other methods give, %: {others}.",
        "同样的计数，其他方法给出（%）：{others}。",
    ),
    "all methods": _text(
        "Intervals of the difference, %: {others}.", "率差的区间（%）：{others}。"
    ),
    "interval by none": _text(
        "None of {tried} combinations of counts and method that give both percentages gives it.",
        "同时符合两个百分比的 {tried} 种计数与方法组合均得不到该区间。",
    ),
    "denominator differs": _text(
        "So the denominator of {arm} is {n}, where {randomised} were randomised: {missing} are "
        "missing.",
        "因此{arm}的分母是 {n}，而随机入组 {randomised} 人：缺少 {missing} 人。",
    ),
    # p values
    "agreeing": _text("Agrees with {printed}: {ways}.", "与 {printed} 相符：{ways}。"),
    "disagreeing": _text("Disagrees: {ways}.", "不相符：{ways}。"),
    "no table": _text(
        "No whole counts in this analysis set give both percentages.",
        "该分析集中没有整数能同时得到两个百分比。",
    ),
    "all claims kept": _text(
        "Counted this way every test still says {printed}.", "按此计数，各检验仍得出 {printed}。"
    ),
    "fragile": _text(
        "{arm}: events to add until Fisher's test says otherwise: {more} (p = {p}); participants "
        "left out of the count: {left_out}.",
        "{arm}再多 {more} 例事件，Fisher 检验即改变结论（p = {p}）；该组有 {left_out} 人未计入。",
    ),
    "largest sd for p": _text(
        "No SDs are printed; {printed} holds only if the common SD is {side} {limits}.",
        "原文未给出标准差；仅当共同标准差{side} {limits} 时，{printed} 成立。",
    ),
    "mean or median": _text(
        "This limit is for means; whether the printed reductions are means or medians is not said, "
        "and for medians it does not apply.",
        "此界限针对均值；原文未说明降幅是均值还是中位数，若为中位数则不适用。",
    ),
    "limit": _text("{value} ({label}, {n})", "{value}（{label}，{n}）"),
    "correlation needed": _text(
        "n = {n}, change {change}: {printed} needs a correlation within persons {side} {r}.",
        "n = {n}，变化 {change}：{printed} 要求个体内相关系数{side} {r}。",
    ),
    "correlation any": _text(
        "n = {n}, change {change}: {printed} at any correlation of nil or more within persons.",
        "n = {n}，变化 {change}：个体内相关系数非负时，{printed} 总成立。",
    ),
    "correlation none": _text(
        "n = {n}, change {change}: {printed} at no correlation of nil or more within persons; the "
        "limit is {r}.",
        "n = {n}，变化 {change}：个体内相关系数非负时，{printed} 都不成立；界限为 {r}。",
    ),
    # sums, ratios, spreads
    "sum": _text("{terms} = {value}; printed {printed}.", "{terms} = {value}；原文为 {printed}。"),
    "sum at most": _text(
        "{terms} = {value}; it should be at most {printed}.",
        "{terms} = {value}；应不超过 {printed}。",
    ),
    "two prints": _text("{a} and {b} are printed.", "两处原文分别为 {a}与 {b}。"),
    "common baseline": _text(
        "As ratios of means the reductions imply baselines of {baselines}.",
        "若降幅为均值之比，则推得的基线均值为 {baselines}。",
    ),
    "baselines agree": _text("Rounding explains the differences.", "舍入可以解释其差异。"),
    "baselines differ": _text(
        "Rounding does not explain the differences: against the first of them the last mean is a "
        "reduction of {reduction} %, printed {printed} %. So they are not ratios of means over the "
        "same people; medians or means of individual reductions are not excluded.",
        "舍入无法解释这些差异：以第一个基线计，末次均值的降幅为 {reduction} %，"
        "原文为 {printed} %。"
        "因此它们不是同一批人的均值之比；不排除是个体降幅的中位数或均值。",
    ),
    "quotients": _text(
        "The quotients are {lowest} to {highest} {unit}.", "商为 {lowest} 至 {highest} {unit}。"
    ),
    "largest sd": _text(
        "{n} values between {lowest} and {highest} with mean {mean}, as printed, have an SD of at "
        "most {sd}; printed {printed}. If every printed number is rounded, it is at most "
        "{rounded}, and {printed} can stand for {least}.",
        "按原文数字，{n} 个介于 {lowest} 与 {highest} 之间、均值为 {mean} 的值，"
        "标准差最大为 {sd}；"
        "原文为 {printed}。若各数均经舍入，则最大为 {rounded}，而 {printed} 最小可代表 {least}。",
    ),
    "mean outside": _text("The mean {mean} lies outside the range.", "均值 {mean} 在范围之外。"),
    "compatible": _text(
        "{x} of {n} is compatible with a true rate of up to {upper} % (Clopper–Pearson, 95 %).",
        "{x}/{n} 与高达 {upper} % 的真实发生率相容（Clopper–Pearson，95 %）。",
    ),
    "power": _text(
        "With {n} and the printed percentages as the truth the power is {powers}.",
        "以原文的百分比为真值、{n} 人计，检验效能为 {powers}。",
    ),
    "size for power": _text(
        "{target} % needs per arm: {sizes}.", "{target} % 效能每组需：{sizes}。"
    ),
    "whole units": _text(
        "{hits} of {n} are ratios of whole units up to {largest}; by chance {share} % would be "
        "(p = {p}). The reduction of one person is such a ratio, and so is a median over an odd "
        "number of people; a mean over many people, or a median over an even number, is one only "
        "by chance.",
        "{n} 个降幅中有 {hits} 个是不超过 {largest} 的整单位之比；偶然比例为 {share} %（p = {p}）。"
        "单个人的降幅即为此类比值，人数为奇数时的中位数亦然；多人的均值或人数为偶数时的中位数仅偶然如此。",
    ),
    # nothing to check against
    "nothing printed": _text(
        "Nothing else is printed that this number follows from.", "原文没有可推得此数的其他数字。"
    ),
    "no means": _text(
        "The numbers that it compares, or their SDs, are not printed.",
        "原文未给出其所比较的数值或标准差。",
    ),
    "follows from means": _text(
        "The p value follows from the printed means and SDs.", "p 值可由原文的均值与标准差推得。"
    ),
    # words inside sentences
    "between arms": _text("between arms", "组间比较"),
    "within arm": _text("within the arm", "组内比较"),
    "range": _text("{lowest} to {highest} ({n} values)", "{lowest} 至 {highest}（{n} 个值）"),
    "above": _text("above", "高于"),
    "below": _text("below", "低于"),
}


def say(sentence: str, **values: object) -> Text:
    """Fill in a sentence in both languages."""
    template = SENTENCES[sentence]
    en = {key: value("en") if isinstance(value, Text) else value for key, value in values.items()}
    zh = {key: value("zh") if isinstance(value, Text) else value for key, value in values.items()}
    return Text(en=template("en").format(**en), zh=template("zh").format(**zh))


def together(texts: Iterable[Text]) -> Text:
    """Sentences one after another."""
    texts = list(texts)
    return Text(en=" ".join(text("en") for text in texts), zh="".join(text("zh") for text in texts))


def listed(texts: Iterable[Text]) -> Text:
    """Phrases as a list inside a sentence."""
    texts = list(texts)
    return Text(
        en=", ".join(text("en") for text in texts), zh="、".join(text("zh") for text in texts)
    )


def series(texts: Iterable[Text]) -> Text:
    """Phrases that have commas of their own, one after another."""
    texts = list(texts)
    return Text(
        en="; ".join(text("en") for text in texts), zh="；".join(text("zh") for text in texts)
    )


def same(words: str) -> Text:
    """Words that are the same in both languages: numbers, counts, names."""
    return Text(en=words, zh=words)


def figure(value: float | None, digits: int = 4) -> str:
    """A number with at most ``digits`` significant figures, for reading.

    >>> figure(28.6630977), figure(0.04956), figure(1500000.0), figure(None)
    ('28.66', '0.04956', '1,500,000', '–')
    """
    if value is None or math.isnan(value):
        return "–"
    return f"{float(f'{value:.{digits}g}'):,.10g}"
