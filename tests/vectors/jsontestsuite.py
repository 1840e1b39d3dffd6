#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""jsontestsuite.py [RUNNER]: JSONTestSuite against ward's JSON: what must fail, what must pass, what is ward's choice."""
import collections
import json

from suite import Missing, Suite, files, how_to_get, key_set, some_key

PARSING = "jsontestsuite/test_parsing"
TRANSFORM = "jsontestsuite/test_transform"

# How many files the suite has of each kind; fewer make a test incomplete.
COUNTS = {"n_": 188, "y_": 95, "i_": 35, "transform": 22}

# Must-pass files that ward refuses, with the rule that they break.
REFUSED = {
    "y_object_duplicated_key.json": ("JSON_DUPLICATE_MEMBER", "no name twice in an object"),
    "y_object_duplicated_key_and_value.json": ("JSON_DUPLICATE_MEMBER", "no name twice in an object"),
}

# What RFC 8259 leaves to the implementation: status, why, files.
CHOICES = [
    ("OK", "a number is what the grammar says; only a claim's reader judges its size", """
        i_number_double_huge_neg_exp i_number_huge_exp i_number_neg_int_huge_exp i_number_pos_double_huge_exp
        i_number_real_neg_overflow i_number_real_pos_overflow i_number_real_underflow i_number_too_big_neg_int
        i_number_too_big_pos_int i_number_very_big_negative_int"""),
    ("JSON_NOT_UTF8", "half a surrogate pair is not a character", """
        i_object_key_lone_2nd_surrogate i_string_1st_surrogate_but_2nd_missing i_string_1st_valid_surrogate_2nd_invalid
        i_string_incomplete_surrogate_and_escape_valid i_string_incomplete_surrogate_pair
        i_string_incomplete_surrogates_escape_valid i_string_invalid_lonely_surrogate i_string_invalid_surrogate
        i_string_inverted_surrogates_U+1D11E i_string_lone_second_surrogate"""),
    ("JSON_NOT_UTF8", "bytes that are not UTF-8: overlong, surrogates, above U+10FFFF, cut off, another encoding", """
        i_string_UTF-8_invalid_sequence i_string_UTF8_surrogate_U+D800 i_string_invalid_utf-8 i_string_iso_latin_1
        i_string_lone_utf8_continuation_byte i_string_not_in_unicode_range i_string_overlong_sequence_2_bytes
        i_string_overlong_sequence_6_bytes i_string_overlong_sequence_6_bytes_null i_string_truncated-utf-8"""),
    ("JSON_MALFORMED", "UTF-16 begins with bytes that begin no JSON value", """
        i_string_UTF-16LE_with_BOM i_string_utf16BE_no_BOM i_string_utf16LE_no_BOM"""),
    ("JSON_TOO_DEEP", "deeper than WARD_MAX_JSON_DEPTH", "i_structure_500_nested_arrays"),
    ("JSON_BYTE_ORDER_MARK", "a byte order mark is not space", "i_structure_UTF-8_BOM_empty_object"),
]

# Texts that parsers change on the way: ward changes nothing, or refuses.
TRANSFORMS = [
    ("OK", "numbers stay as they are written", """
        number_-9223372036854775808 number_-9223372036854775809 number_1.0 number_1.000000000000000005
        number_1000000000000000 number_10000000000000000999 number_1e-999 number_1e6 number_9223372036854775807
        number_9223372036854775808"""),
    ("OK", "names are compared as bytes: composed and decomposed are two", "object_key_nfc_nfd object_key_nfd_nfc"),
    ("JSON_DUPLICATE_MEMBER", "no name twice in an object, whatever the values", """
        object_same_key_different_values object_same_key_same_value object_same_key_unclear_values"""),
    ("JSON_NOT_UTF8", "half a surrogate pair is not a character, escaped or not", """
        string_1_escaped_invalid_codepoint string_1_invalid_codepoint string_2_escaped_invalid_codepoints
        string_2_invalid_codepoints string_3_escaped_invalid_codepoints string_3_invalid_codepoints"""),
    ("OK", "NUL may stand in a string; a subject, client or scope with one is refused later", "string_with_escaped_NULL"),
]

suite = Suite()
runner = suite.runner


# What another status becomes where the text is a value inside another: only at its start a text has a byte order mark.
INSIDE = {"JSON_BYTE_ORDER_MARK": "JSON_MALFORMED"}


def group(folder, prefix, count):
    found = files(folder, f"{prefix}*.json")
    if not found:
        raise Missing(how_to_get("jsontestsuite/*.json"))
    return found, count - len(found)


def complete(missing):
    """To be called at the end: what was there is right, but a part is not a pass."""
    if missing > 0:
        raise Missing(how_to_get(f"jsontestsuite: {missing} files"))


def none_accepted(prefix, ask):
    found, missing = group(PARSING, prefix, COUNTS[prefix])
    for name, text in found.items():
        status = ask(text)
        if status == "OK":
            yield f"{name} is accepted"
    complete(missing)


def all_accepted(ask):
    found, missing = group(PARSING, "y_", COUNTS["y_"])
    for name, text in found.items():
        expected = REFUSED.get(name, ("OK", ""))[0]
        status = ask(text)
        if status != expected:
            yield f"{name} is {status}, not {expected}"
    complete(missing)


def flattened(value):
    """A value as the runner tells a table; numbers are kept as they are written."""
    if isinstance(value, list):
        return [f"a{len(value)}", *(word for item in value for word in flattened(item))]
    if isinstance(value, tuple):
        return [f"o{len(value)}", *(word for name, item in value for word in flattened(name) + flattened(item))]
    if isinstance(value, Literal):
        return ["n" + value.text.encode().hex()]
    if isinstance(value, str):
        return ["s" + value.encode().hex()]
    return [("z" if value is None else "b") + json.dumps(value).encode().hex()]


class Literal:
    def __init__(self, text):
        self.text = text


def same_table():
    """The second opinion is Python's parser, which knows nothing of ward."""
    found, missing = group(PARSING, "y_", COUNTS["y_"])
    for name, text in found.items():
        if name in REFUSED:
            continue
        value = json.loads(text, parse_int=Literal, parse_float=Literal, object_pairs_hook=tuple)
        table = runner.ask("json", text)[1:]
        if table != flattened(value):
            yield f"{name}: {table}, not {flattened(value)}"
    complete(missing)


def verdicts(folder, prefix, count, table):
    found, missing = group(folder, prefix, count)
    expected = {f"{name}.json": status for status, _, names in table for name in names.split()}
    for name in sorted(set(found) - set(expected)):
        yield f"{name} is in no table"
    for name in sorted(set(found) & set(expected)):
        alone, wrapped = runner.ask("json", found[name])[0], runner.ask("wrapped", found[name])[0]
        if alone != expected[name]:
            yield f"{name} is {alone}, not {expected[name]}"
        inside = INSIDE.get(expected[name], expected[name])
        if wrapped != inside:
            yield f"{name} as a claim's value is {wrapped}, not {inside}"
    complete(missing)


def summary(title, folder, prefix, table):
    found = files(folder, f"{prefix}*.json")
    for _, why, names in table:
        present = [f"{name}.json" for name in names.split() if f"{name}.json" in found]
        count = collections.Counter(runner.ask("json", found[name])[0] for name in present)
        for status, number in count.items():
            suite.note(f"{title}: {number} {status}: {why}")


def in_key_set(text):
    """The stream reader skips this member, so its grammar is all that is checked."""
    head = key_set(some_key())[:-1]
    return runner.ask("jwks", head + b', "other": ' + text + b"}")[0]


def main():
    suite.test("must-fail texts are refused", none_accepted, "n_", lambda text: runner.ask("json", text)[0])
    suite.test("must-fail texts are refused by the scanner alone", none_accepted, "n_",
               lambda text: runner.ask("scan", text)[0])
    suite.test("must-fail texts are refused as a claim's value", none_accepted, "n_",
               lambda text: runner.ask("wrapped", text)[0])
    suite.test("must-fail texts are refused in a key set", none_accepted, "n_", in_key_set)
    suite.test("must-pass texts are accepted, but those with a name twice", all_accepted,
               lambda text: runner.ask("json", text)[0])
    suite.test("must-pass texts are accepted as a claim's value, but those with a name twice", all_accepted,
               lambda text: runner.ask("wrapped", text)[0])
    suite.test("must-pass texts have the table that Python's parser finds", same_table)
    suite.test("texts that are the parser's choice are judged as the table says", verdicts, PARSING, "i_",
               COUNTS["i_"], CHOICES)
    suite.test("texts that parsers change are judged as the table says", verdicts, TRANSFORM, "",
               COUNTS["transform"], TRANSFORMS)
    summary("choice", PARSING, "i_", CHOICES)
    summary("transform", TRANSFORM, "", TRANSFORMS)
    suite.summary(f"{COUNTS['n_']} texts that must fail, {COUNTS['y_']} that must pass ({len(REFUSED)} excepted), "
                  f"{COUNTS['i_']} that are a choice; {runner.asked} questions")
    suite.end()


main()
