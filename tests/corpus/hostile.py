"""Files made by hand whose sizes lie: old workbooks (BIFF8 in a compound file) and Parquet (Thrift, compact)."""

import struct
import zlib

END, FREE, OF_FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
SECTOR = 512


def records(*parts):
    return b"".join(struct.pack("<HH", kind, len(data)) + data for kind, data in parts)


def label(row, column, text):
    return 0x204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le")


def xls(*sheets, shared=(), again=1, dimensions=b"", chain=None):
    """An old workbook: cells by row, column, and text or number of a shared one; sheets listed ``again``."""
    bof = (0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    texts = b"".join(struct.pack("<HB", len(one), 1) + one.encode("utf-16-le") for one in shared)
    sst = [(0xFC, struct.pack("<II", len(shared), len(shared)) + texts)] * bool(shared)
    inside = [
        records(bof, *[(0x200, dimensions)] * bool(dimensions), *(
            label(*cell) if isinstance(cell[2], str) else (0xFD, struct.pack("<HHHI", *cell[:2], 0, cell[2]))
            for cell in cells
        ), (0x0A, b""))
        for cells in sheets
    ]  # fmt: skip
    names = [f"S{at:05}".encode() for at in range(len(sheets) * again)]
    begin = len(records(bof, *sst, *((0x85, bytes(8) + name) for name in names), (0x0A, b"")))
    places = [begin + sum(map(len, inside[:at])) for at in range(len(sheets))] * again
    bound = ((0x85, struct.pack("<IHBB", at, 0, len(n), 0) + n) for at, n in zip(places, names, strict=True))
    return compound(records(bof, *sst, *bound, (0x0A, b"")) + b"".join(inside), chain)


def compound(stream, chain=None):
    """A compound file with one stream, "Workbook"; ``chain`` is where its last sector leads, if not to its end."""
    stream += bytes(max(4096, -(-len(stream) // SECTOR) * SECTOR) - len(stream))
    needed = len(stream) // SECTOR
    fats = -(-(needed + 2) // (SECTOR // 4 - 1))
    first = fats + 1
    fat = (
        [OF_FAT] * fats + [END] + [first + at + 1 for at in range(needed - 1)] + [END if chain is None else chain]
    )
    fat += [FREE] * (fats * SECTOR // 4 - len(fat))
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    )
    head += struct.pack("<9I", 0, fats, fats, 0, 4096, END, 0, END, 0)
    head += struct.pack("<109I", *range(fats), *[FREE] * (109 - fats))
    entries = b""
    for name, kind, start, size in (("Root Entry", 5, END, 0), ("Workbook", 2, first, len(stream))):
        text = f"{name}\0".encode("utf-16-le")
        entries += text.ljust(64, b"\0") + struct.pack("<HBB3I", len(text), kind, 1, FREE, FREE, 2 - kind // 3)
        entries += bytes(36) + struct.pack("<IQ", start, size)
    return head + struct.pack(f"<{len(fat)}I", *fat) + entries.ljust(SECTOR, b"\0") + stream


class Long(int):
    """A number of 64 bits in Thrift."""


def number(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def signed(value):
    return number(value << 1 ^ value >> 63)


def fields(*given):
    """A struct of Thrift from numbers and values of its fields; a list holds structs, numbers or names."""
    out, last = bytearray(), 0
    for at, value in given:
        kind = (
            5 + isinstance(value, Long)
            if isinstance(value, int)
            else 9
            if isinstance(value, list)
            else 8
            if isinstance(value, str)
            else 12
        )
        out += bytes([(at - last) << 4 | kind])
        last = at
        if kind == 9:
            inner = 5 if isinstance(value[0], int) else 8 if isinstance(value[0], str) else 12
            out += bytes([0xF0 | inner]) + number(len(value)) + b"".join(map(plain, value))
        else:
            out += plain(value)
    return bytes(out) + b"\0"


def plain(value):
    if isinstance(value, str):
        return number(len(value)) + value.encode()
    return signed(value) if isinstance(value, int) else value


def text(value):
    return struct.pack("<I", len(value)) + value.encode()


def zipped(raw, times=1):
    """These bytes, so many times, as gzip; they are packed once."""
    packing, crc = zlib.compressobj(9, zlib.DEFLATED, -15), 0
    block = packing.compress(raw) + packing.flush(zlib.Z_FULL_FLUSH)
    for _ in range(times):
        crc = zlib.crc32(raw, crc)
    end = struct.pack("<II", crc, len(raw) * times % (1 << 32))
    return b"\x1f\x8b\x08" + bytes(7) + block * times + packing.flush() + end


def page(kind, raw, values, encoding=0, size=None, packed=None):
    """A page: a dictionary (2) or data (0), with the unpacked size that it claims."""
    packed = raw if packed is None else packed
    of_kind = (7, fields((1, values), (2, 0))) if kind == 2 else (
        5, fields((1, values), (2, encoding), (3, 3), (4, 3)))  # fmt: skip
    return fields((1, kind), (2, len(raw) if size is None else size), (3, len(packed)), of_kind) + packed


def repeated(values, claimed=None):
    """A page of data in which all values are the first of the dictionary."""
    return page(0, b"\1" + number(values << 1) + b"\0", claimed or values, 8)


def listed(values):
    """A page with one list, each of whose values is the first of the dictionary."""
    levels = (number(2) + b"\0" + number(values - 1 << 1) + b"\1", number(values << 1) + b"\1")
    raw = b"".join(struct.pack("<I", len(one)) + one for one in levels) + b"\1" + number(values << 1) + b"\0"
    return page(0, raw, values, 8)


def parquet(*pages, rows, values=None, codec=0, claimed=None, nested=False, footer=None):
    """A table of one column ``text``; a footer that is given is written as it is."""
    path = ["text", "list", "element"] if nested else ["text"]
    above = [fields((3, 0), (4, "text"), (5, 1), (6, 3)), fields((3, 2), (4, "list"), (5, 1))] if nested else []
    schema = [fields((4, "s"), (5, 1)), *above, fields((1, 6), (3, 0), (4, path[-1]), (6, 0))]
    body, first = b"".join(pages), len(pages[0]) if pages else 0
    size = claimed or len(body)
    chunk = fields(
        (1, 6), (2, [0, 8, 3]), (3, path), (4, codec), (5, Long(values or rows)), (6, Long(size)),
        (7, Long(len(body))), (9, Long(4 + first)), (11, Long(4)),
    )  # fmt: skip
    group = fields((1, [fields((2, Long(4)), (3, chunk))]), (2, Long(size)), (3, Long(rows)))
    footer = footer or fields((1, 1), (2, schema), (3, Long(claimed or rows)), (4, [group]))
    return b"PAR1" + body + footer + struct.pack("<I", len(footer)) + b"PAR1"


def claims(number_of):
    """A footer that claims lists of so many groups of rows, of so many columns each."""
    size = number(number_of)
    schema = [fields((4, "s"), (5, 1)), fields((1, 6), (3, 0), (4, "text"))]
    return fields((1, 1), (2, schema), (3, Long(1)))[:-1] + b"\x19\xfc" + size + b"\x19\xfc" + size


def deep(levels):
    schema = [fields((3, 0), (4, "a"), (5, 1))] * levels + [fields((1, 6), (3, 0), (4, "text"))]
    return fields((1, 1), (2, schema), (3, Long(0)), (4, [fields((1, [b"\0"]), (2, Long(0)), (3, Long(0)))]))
