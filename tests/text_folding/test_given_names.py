import pytest

from followertui.text.given_names import begins_with_given_name, given_names


@pytest.mark.parametrize("name", ["Priya Natarajan", "LUCÍA Fernández", "Mary Ann van Dyke", "Tom Baker"])
def test_a_name_that_begins_with_a_given_name(name):
    assert begins_with_given_name(name)


@pytest.mark.parametrize("name", ["", "Tom", "Globex GmbH", "Hooli Networks", "Tom Baker and Sons of London"])
def test_a_name_that_does_not(name):
    assert not begins_with_given_name(name)


def test_the_list_is_lower_case_words():
    assert len(given_names()) > 900
    assert all(name == name.lower() and name.isalpha() for name in given_names())
