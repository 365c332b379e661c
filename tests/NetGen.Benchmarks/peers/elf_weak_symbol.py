"""Lets a shared library load whose only fault is that it names an empty symbol of a libstdc++ newer than the machine's.

usage: elf_weak_symbol.py LIBRARY SYMBOL VERSION

std::ios_base_library_init (GLIBCXX_3.4.32, GCC 13) is such a symbol: <iostream> names it so that a program cannot start with an
older libstdc++, but nothing calls it. In LIBRARY, a 64-bit little-endian ELF file that is changed in place, SYMBOL becomes weak
and unversioned, so that it may stay unresolved, and the requirement of VERSION becomes weak (VER_FLG_WEAK), so that the loader
does not insist on it. Any other symbol that needs VERSION is an error, and the file stays as it was.
"""

import struct
import sys

SHT_DYNSYM, SHT_GNU_VERNEED, SHT_GNU_VERSYM = 11, 0x6ffffffe, 0x6fffffff
STB_WEAK, VER_FLG_WEAK, VER_NDX_GLOBAL, VERSION_MASK = 2, 2, 1, 0x7fff


def sections(data):
    """Section type -> (offset, size, offset of the string table it is linked to)."""
    (table,) = struct.unpack_from("<Q", data, 40)
    entry_size, count = struct.unpack_from("<HH", data, 58)
    headers = [struct.unpack_from("<IIQQQQII", data, table + i * entry_size) for i in range(count)]
    return {header[1]: (header[4], header[5], headers[header[6]][4]) for header in headers if header[6] < count}


def text(data, offset):
    return data[offset:data.index(b"\0", offset)].decode("ascii")


def version_requirements(data, offset, strings):
    """Offset, version index and name of each version that the library requires."""
    while True:
        _, count, _, first, following = struct.unpack_from("<HHIII", data, offset)
        auxiliary = offset + first
        for _ in range(count):
            _, _, index, name, step = struct.unpack_from("<IHHII", data, auxiliary)
            yield auxiliary, index, text(data, strings + name)
            auxiliary += step
        if following == 0:
            return
        offset += following


def weaken(data, symbol, version):
    if data[:6] != b"\x7fELF\x02\x01":
        raise ValueError("no 64-bit little-endian ELF file")
    found = sections(data)
    missing = {SHT_DYNSYM, SHT_GNU_VERNEED, SHT_GNU_VERSYM} - found.keys()
    if missing:
        raise ValueError(f"section types {sorted(map(hex, missing))} are missing")
    need, _, need_strings = found[SHT_GNU_VERNEED]
    required = [(offset, index) for offset, index, name in version_requirements(data, need, need_strings) if name == version]
    if not required:
        raise ValueError(f"does not require {version}")
    symbols, size, strings = found[SHT_DYNSYM]
    versions = found[SHT_GNU_VERSYM][0]
    indices = {index & VERSION_MASK for _, index in required}
    for i in range(size // 24):
        if struct.unpack_from("<H", data, versions + 2 * i)[0] & VERSION_MASK not in indices:
            continue
        entry = symbols + 24 * i
        name = text(data, strings + struct.unpack_from("<I", data, entry)[0])
        if name != symbol:
            raise ValueError(f"{name} needs {version} too")
        data[entry + 4] = STB_WEAK << 4 | data[entry + 4] & 15
        struct.pack_into("<H", data, versions + 2 * i, VER_NDX_GLOBAL)
    for offset, _ in required:
        flags = struct.unpack_from("<H", data, offset + 4)[0]
        struct.pack_into("<H", data, offset + 4, flags | VER_FLG_WEAK)


def main(path, symbol, version):
    with open(path, "rb") as file:
        data = bytearray(file.read())
    try:
        weaken(data, symbol, version)
    except ValueError as error:
        sys.exit(f"{path}: {error}")
    with open(path, "wb") as file:
        file.write(data)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
