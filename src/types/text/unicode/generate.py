"""Writes unicode.bin, the table that ../unicode.rs reads, from what CPython 3.13 (Unicode 15.1) answers.

Run with CPython 3.13 in this folder: python generate.py
"""

import struct
import unicodedata

assert unicodedata.unidata_version == "15.1.0"
BLOCK = 128
MANY = 0x40000000

# The order of the flags is that of the constants in ../unicode.rs.
FLAGS = [
    str.isalpha,
    str.isdecimal,
    str.isdigit,
    str.isnumeric,
    str.isspace,
    str.islower,
    str.isupper,
    lambda c: c.istitle() and not c.isupper(),
    str.isprintable,
    str.isidentifier,
    lambda c: ("a" + c).isidentifier(),
    lambda c: is_cased(c),
    lambda c: is_ignorable(c),
]


def is_cased(c):
    # Behind a cased character title() writes small letters.
    return (c + "a").title()[-1] == "a"


def is_ignorable(c):
    # A capital sigma becomes a final one behind a cased character that is not ignorable; ignorable ones are skipped.
    if is_cased(c):
        return (c + "\u03a3").lower()[-1] == "\u03c3"
    return ("a" + c + "\u03a3").lower()[-1] == "\u03c2"


records, specials, special_at = {}, [], {}


def mapping(c, mapped):
    """The distance to the mapped character, or where the several ones stand."""
    if len(mapped) == 1:
        return ord(mapped) - ord(c)
    if mapped not in special_at:
        special_at[mapped] = len(specials)
        specials.extend([len(mapped), *map(ord, mapped)])
    return MANY + special_at[mapped]


def record_of(c):
    flags = sum(test(c) << bit for bit, test in enumerate(FLAGS))
    cases = [mapping(c, case) for case in (c.upper(), c.title(), c.lower(), c.casefold())]
    return (flags, unicodedata.digit(c, 255), *cases)


ids = [records.setdefault(record_of(chr(code)), len(records)) for code in range(0x110000)]
blocks, index = {}, []
for start in range(0, 0x110000, BLOCK):
    index.append(blocks.setdefault(tuple(ids[start : start + BLOCK]), len(blocks)))

with open("unicode.bin", "wb") as out:
    out.write(struct.pack("<4I", len(index), len(blocks) * BLOCK, len(records), len(specials)))
    out.write(struct.pack(f"<{len(index)}H", *index))
    for block in blocks:
        out.write(struct.pack(f"<{BLOCK}H", *block))
    for flags, digit, *cases in records:
        out.write(struct.pack("<HH4i", flags, digit, *cases))
    out.write(struct.pack(f"<{len(specials)}I", *specials))
