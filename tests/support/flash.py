# SPDX-License-Identifier: Apache-2.0
"""What a device has stored, read from the file of its flash: the record's form is that of src/state/record.h."""
import collections
import hashlib
import pathlib
import struct

BLOCK, SLOTS, HEADER, DIGEST = 4096, 2, 16, 32
CLOCK, BOOTS, KEYS, GATE = 1, 2, 3, 4

Record = collections.namedtuple("Record", "sequence floor boots keys denied")


def digest_is_right(data, length):
    return hashlib.sha256(data[:HEADER + length]).digest() == data[HEADER + length:HEADER + length + DIGEST]


def sections_of(data):
    found = {}
    while data:
        tag, _, length = struct.unpack(">HHI", data[:8])
        found[tag], data = data[8:8 + length], data[8 + length:]
    return found


def keys_of(section):
    """The kids of a section of keys."""
    at, found = 20, []
    for _ in ("issuer", "url"):
        at += 2 + int.from_bytes(section[at:at + 2], "big")
    while at < len(section):
        entry, _, _, _, length = struct.unpack(">HBBHB", section[at:at + 7])
        found.append(section[at + 7:at + 7 + length].decode())
        at += 2 + entry
    return found


def denied_of(section):
    name = int.from_bytes(section[DIGEST + 8:DIGEST + 10], "big")
    return {section[at:at + 16] for at in range(DIGEST + 10 + name, len(section), 24)}


def record_of(slot):
    """The record that a slot holds; None if it is not whole."""
    magic, form, kind, sequence, length = struct.unpack(">4sHHII", slot[:HEADER])
    if magic != b"ward" or form != 2 or kind != 0 or length > len(slot) - HEADER - DIGEST or not digest_is_right(slot, length):
        return None
    sections = sections_of(slot[HEADER:HEADER + length])
    return Record(sequence, int.from_bytes(sections[CLOCK], "big"), int.from_bytes(sections[BOOTS], "big"),
                  keys_of(sections[KEYS]), denied_of(sections[GATE]))


def make_record(sequence, sections, form=2):
    """A whole record of these sections, by their tags."""
    body = b"".join(struct.pack(">HHI", tag, tag == GATE, len(content)) + content for tag, content in sections.items())
    data = struct.pack(">4sHHII", b"ward", form, 0, sequence, len(body)) + body
    return data + hashlib.sha256(data).digest()


def slots_of(path):
    with pathlib.Path(path).open("rb") as file:
        return [file.read(BLOCK) for _ in range(SLOTS)]


def newest(path):
    """The newest whole record of a flash; None if there is none."""
    records = [record for record in map(record_of, slots_of(path)) if record]
    return max(records, key=lambda record: record.sequence, default=None)


def owner_of(issuer, subject):
    """As which a subject stands on the deny list: see src/access/owner.c."""
    texts = [issuer.encode(), subject.encode()]
    lengths = b"".join(struct.pack(">I", len(text)) for text in texts)
    return hashlib.sha256(b"ward owner id 1\0" + lengths + b"".join(texts)).digest()[:16]
