from string import Formatter

import pytest

from equipoise.analysis.reproduce.words import SENTENCES, say


def blanks(words):
    return {name for _, name, _, _ in Formatter().parse(words) if name}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_says_the_same_in_both_languages(sentence):
    text = SENTENCES[sentence]

    assert text.zh
    assert blanks(text.en) == blanks(text.zh)


def test_words_inside_a_sentence_are_in_its_language():
    text = say("power", n="45/46", powers=say("above"))

    assert "above" in text("en")
    assert "高于" in text("zh")
