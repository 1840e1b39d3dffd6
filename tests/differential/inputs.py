# SPDX-License-Identifier: Apache-2.0
"""Random inputs, half of them well formed and then bent a little, since what is all noise is refused at its first byte."""
import base64

CHARACTERS = ["a", "b", "\"", "\\", "/", "\b", "\f", "\n", "\r", "\t", "\0", "\x1f", " ", "\x7f", "\x80", "\u00e9", "\u07ff",
              "\u0800", "\u2028", "\ud7ff", "\ue000", "\ufeff", "\uffff", "\U00010000", "\U0001d11e", "\U0010ffff"]
ESCAPES = {"\"": "\\\"", "\\": "\\\\", "/": "\\/", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
NAMES = ["", "a", "b", "c", "ab", "\u00e9", "\0", "\"", "iss", "\U0001d11e"]

# Bytes at which decoders of JSON, UTF-8 and base64url change their minds.
BYTES = b"\"\\/{}[]:, \t\n\r\x0b\0\x1f\x7fntfalsebru0123456789+-.eE_=AZaz"
BYTES += b"\x80\x8f\x90\x9f\xa0\xbf\xc0\xc1\xc2\xdf\xe0\xed\xef\xf0\xf4\xf5\xff"
SNIPPETS = [b"\\u0000", b"\\ud834", b"\\udd1e", b"\\u00", b"\\x41", b"\"a\":1,", b",", b"null", b"true", b"NaN", b"-Infinity",
            b"1e400", b"00", b"-0", b"1.", b".5", b"+1", b"0x1", b"/**/", b"'", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80",
            b"\xc0\x80", b"\xe0\x9f\xbf", b"\xf0\x8f\xbf\xbf", b"[[[[", b"]]]]", b"\xe2\x80\xa8", b"\xc2\xa0"]

DATES = [0, 1, 1767225599, 1767225600, 1767225601, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 2 ** 53 + 1, 2 ** 63,
         2 ** 64, 2 ** 64 + 1, 10 ** 30]


def mutate_once(random, data):
    at = random.randrange(len(data) + 1)
    change = random.randrange(7)
    if change == 0:
        return data[:at] + bytes([random.choice(BYTES)]) + data[at + 1:]
    if change == 1:
        return data[:at] + bytes([random.choice(BYTES)]) + data[at:]
    if change == 2:
        return data[:at] + data[at + 1:]
    if change == 3:
        return data[:at] + random.choice(SNIPPETS) + data[at:]
    if change == 4:
        return data[:at] + bytes([random.randrange(256)]) + data[at + 1:]
    end = random.randrange(at, len(data) + 1)
    return data[:at] + data[at:end] + data[at:] if change == 5 else data[:at] + data[end:]


def mutate(random, data):
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        data = mutate_once(random, data)
    return data


def characters(random):
    return "".join(random.choices(CHARACTERS, k=random.choice((0, 1, 1, 2, 3, 8))))


def escaped(random, character):
    """A character in one of the ways in which JSON can say it."""
    must = character in "\"\\" or character < " "
    if not must and random.random() < 0.8:
        return character
    if character in ESCAPES and random.random() < 0.5:
        return ESCAPES[character]
    units = character.encode("utf-16-be").hex()
    units = units.upper() if random.random() < 0.5 else units
    return "".join("\\u" + units[i:i + 4] for i in range(0, len(units), 4))


def string(random, text):
    return '"' + "".join(escaped(random, character) for character in text) + '"'


def number(random):
    text = random.choice(("", "", "", "-")) + random.choice(("0", "1", "9", "10", "123", str(random.choice(DATES))))
    if random.random() < 0.3:
        text += "." + random.choice(("0", "00", "5", "01", "999999999999999999999"))
    if random.random() < 0.2:
        text += random.choice("eE") + random.choice(("", "+", "-")) + random.choice(("0", "1", "09", "400"))
    return text


def space(random):
    return random.choice(("", "", "", "", "", " ", "\n", "\t\r "))


def scalar(random):
    kind = random.randrange(5)
    if kind < 2:
        return string(random, characters(random))
    return number(random) if kind < 4 else random.choice(("true", "false", "null"))


def listed(random, begin, items, end):
    between = space(random) + "," + space(random)
    return begin + space(random) + between.join(items) + space(random) + end


def json_value(random, depth):
    """A JSON text; objects with a name twice and texts that are too deep come up as well."""
    if depth == 0 or random.random() < 0.3:
        return scalar(random)
    count = random.choice((0, 1, 1, 1, 2, 3))
    items = [json_value(random, depth - 1) for _ in range(count)]
    if random.random() < 0.4:
        return listed(random, "[", items, "]")
    # Seldom a name twice: four of these deep, nearly every text would have one.
    chosen = random.choices(NAMES, k=count) if random.random() < 0.2 else random.sample(NAMES, k=count)
    members = [string(random, name) + space(random) + ":" + space(random) + item for name, item in zip(chosen, items)]
    return listed(random, "{", members, "}")


def json_text(random):
    depth = random.choice((0, 1, 2, 3, 4, 4))
    text = space(random) + json_value(random, depth) + space(random)
    if random.random() < 0.05:
        levels = random.randrange(5, 11)
        text = "[" * levels + text + "]" * levels
    if random.random() < 0.01:
        text = "[" + ",".join(["0"] * random.randrange(509, 514)) + "]"
    data = text.encode()
    return mutate(random, data) if random.random() < 0.6 else data


def utf8(random):
    """Bytes of a string that are neither a quote nor a backslash nor a control."""
    if random.random() < 0.4:
        data = "".join(random.choices(CHARACTERS[11:], k=random.randrange(1, 6))).encode()
        return data if random.random() < 0.3 else mutate(random, data)
    first = random.choice((random.randrange(0x80, 0x100), random.randrange(0xc0, 0xf8)))
    edges = (0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0)
    return bytes([first, *random.choices(edges, k=random.choice((0, 1, 1, 2, 2, 3, 3, 4)))])


def base64url(random):
    alphabet = b"ABCXYZabcxyz0189-_"
    if random.random() < 0.3:
        return bytes(random.choices(alphabet, k=random.randrange(13)))
    text = base64.urlsafe_b64encode(random.randbytes(random.choice((0, 1, 2, 3, 4, 5, 6, 32, 256)))).rstrip(b"=")
    if random.random() < 0.3:
        return text
    at = random.randrange(len(text) + 1)
    change = random.choice((b"=", b"==", b"+", b"/", b" ", b"\n", b"\0", b"A", b"-", bytes([random.randrange(256)])))
    return text[:at] + change + text[at + random.randrange(2):]


def date(random):
    text = number(random)
    if random.random() < 0.5:
        text = str(random.choice(DATES) + random.randrange(-2, 3))
        text += random.choice(("", "", ".0", ".000", ".5", ".0000000000000000001", "e0"))
    data = random.choice((text, text, text, '"' + text + '"', " " + text + "\n")).encode()
    return mutate(random, data) if random.random() < 0.3 else data
