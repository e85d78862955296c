"""Every one of the 38 inputs that have broken other servers is tried here: the specification's list has no gap."""

import re
from pathlib import Path

INPUTS = range(1, 39)
MARK = re.compile(r"pytest\.mark\.adversarial\((\d+)\)\s*(?:#[^\n]*)?\n(?:@[^\n]*\n|[ \])}{(\[][^\n]*\n)*def test_")


def tried() -> set[int]:
    """The numbers that stand on a test. The mark has to be written out, so that they can be found by reading."""
    here = Path(__file__).parents[1]
    return {int(found) for path in here.rglob("test_*.py") for found in MARK.findall(path.read_text())}


def test_each_of_the_38_inputs_has_a_test_that_names_it() -> None:
    assert sorted(set(INPUTS) - tried()) == []


def test_no_test_names_an_input_that_is_not_on_the_list() -> None:
    assert tried() <= set(INPUTS)


def test_a_number_without_a_test_is_not_counted() -> None:
    assert MARK.findall("@pytest.mark.adversarial(3)\ndef test_a() -> None:") == ["3"]
    assert MARK.findall("@pytest.mark.adversarial(3)  # CVE\n@pytest.mark.django_db\ndef test_a() -> None:") == ["3"]
    assert not MARK.findall("# pytest.mark.adversarial(3)\nx = 1\n")
