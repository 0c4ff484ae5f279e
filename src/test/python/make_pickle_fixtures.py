"""Makes small pytorch_model.bin files, honest and hostile, with which PickleCheckpoint is tested.

    python make_pickle_fixtures.py [OUTPUT_FOLDER]        (default: ../resources/pickle beside this script)

Needs torch (written with 2.8.0). Nothing in here runs what the hostile files name: they are only written.
Values of the honest ones follow formulas that the tests repeat: element i of a tensor is i / 8 plus the
number that stands at its name below.
"""
import builtins
import collections
import io
import os
import struct
import sys
import zipfile
from pathlib import Path

import torch

NAMES_OF_TENSORS = b"ctorch._utils\n_rebuild_tensor_v2\n"


def ramp(*shape, start=0.0, dtype=torch.float32):
    count = torch.Size(shape).numel()
    return (torch.arange(count, dtype=torch.float32) / 8 + start).reshape(shape).to(dtype)


def honest():
    """A state dict with all that HuggingFace's checkpoints have, and some more."""
    table = ramp(8, start=100)
    state = collections.OrderedDict()
    state["encoder.weight"] = torch.nn.Parameter(ramp(2, 3))
    state["encoder.bias"] = torch.nn.Parameter(ramp(3, start=10))
    state["half"] = ramp(2, 4, start=-0.5, dtype=torch.float16)
    state["bfloat16"] = ramp(5, start=1, dtype=torch.bfloat16)
    state["shared.first"] = table[:4]
    state["shared.last"] = table[5:]
    state["transposed"] = ramp(2, 3, start=20).t()
    state["every.second"] = ramp(2, 4, start=30)[:, ::2]
    state["scalar"] = torch.tensor(7.5)
    state["empty"] = torch.empty(0, 3)
    state["double"] = ramp(2, dtype=torch.float64)
    state["embeddings.position_ids"] = torch.arange(4).expand((1, -1))
    state._metadata = collections.OrderedDict([("", {"version": 1}), ("encoder", {"version": 1})])
    return state


class Calls:
    """Pickled as a call of a function."""

    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


def saved(value, **options):
    buffer = io.BytesIO()
    torch.save(value, buffer, **options)
    return buffer.getvalue()


def archive(pickle, entries=(), compression=zipfile.ZIP_STORED):
    """A zip file around a pickle that was written by hand; always the same bytes."""
    buffer = io.BytesIO()
    listed = [("archive/data.pkl", pickle), ("archive/byteorder", b"little"), ("archive/version", b"3\n")]
    with zipfile.ZipFile(buffer, "w", compression) as file:
        for name, data in [*listed, *entries]:
            file.writestr(zipfile.ZipInfo(name), data, compression)
    return buffer.getvalue()


def text(value):
    return b"X" + struct.pack("<I", len(value)) + value.encode()


def number(value):
    return b"\x8a\x08" + struct.pack("<q", value)


def numbers(values):
    return b"(" + b"".join(map(number, values)) + b"t"


def tensor(shape, strides, offset=0, elements=4):
    storage = b"(" + text("storage") + b"ctorch\nFloatStorage\n" + text("0") + text("cpu") + number(elements) + b"tQ"
    hooks = b"ccollections\nOrderedDict\n)R"
    return (NAMES_OF_TENSORS + b"(" + storage + number(offset) + numbers(shape) + numbers(strides)
            + b"\x89" + hooks + b"tR")


def state(*items):
    return b"\x80\x02ccollections\nOrderedDict\n)R(" + b"".join(text(k) + v for k, v in items) + b"u."


def handmade(shape, strides, data=16, **options):
    return archive(state(("w", tensor(shape, strides, **options))), [("archive/data/0", bytes(data))])


def zip64(content):
    """The same archive with the directory's end in zip64 and all sizes there, as for files beyond 4 GB."""
    end = content.rindex(b"PK\x05\x06")
    entries, length, start = struct.unpack_from("<HII", content, end + 10)
    directory, at = b"", start
    for _ in range(entries):
        header = bytearray(content[at:at + 46])
        sizes = struct.unpack_from("<II", header, 20)
        name, extra, comment = struct.unpack_from("<HHH", header, 28)
        offset = struct.unpack_from("<I", header, 42)[0]
        struct.pack_into("<II", header, 20, 0xffffffff, 0xffffffff)
        struct.pack_into("<H", header, 30, 28)
        struct.pack_into("<I", header, 42, 0xffffffff)
        wide = struct.pack("<HHQQQ", 1, 24, sizes[1], sizes[0], offset)
        directory += bytes(header) + content[at + 46:at + 46 + name] + wide
        at += 46 + name + extra + comment
    wide_end = struct.pack("<IQHHIIQQQQ", 0x06064b50, 44, 45, 45, 0, 0, entries, entries, len(directory), start)
    locator = struct.pack("<IIQI", 0x07064b50, 0, start + len(directory), 1)
    short_end = struct.pack("<IHHHHIIH", 0x06054b50, 0, 0, 0xffff, 0xffff, 0xffffffff, 0xffffffff, 0)
    return content[:start] + directory + wide_end + locator + short_end


def fixtures():
    simple = {"w": ramp(2, 2)}
    good = handmade([2, 2], [2, 1])
    yield "state-dict", saved(honest())
    yield "plain-dict", saved(simple)
    yield "protocol-4", saved(simple, pickle_protocol=4)
    yield "handmade", good
    yield "zip64", zip64(good)

    yield "os-system", saved({"w": Calls(os.system, "echo evil")})
    yield "eval", saved({"w": Calls(builtins.eval, "1 + 1")})
    yield "nested-reduce", archive(b"\x80\x02ccollections\nOrderedDict\n)R)R.")
    yield "posix-system", archive(b"\x80\x02cposix\nsystem\n" + text("echo evil") + b"\x85R.")
    yield "getattr-chain", archive(
        b"\x80\x02cbuiltins\ngetattr\n" + b"cos\npath\n" + text("os") + b"\x86R" + text("system") + b"\x86R.")
    yield "stack-global", archive(b"\x80\x04" + b"\x8c\x02os" + b"\x8c\x06system" + b"\x93.")
    yield "call-of-tensor", archive(b"\x80\x02" + text("os.system") + b")R.")
    yield "unknown-opcode", archive(b"\x80\x02(" + text("echo evil") + b"ios\nsystem\n.")
    yield "persistent-id", archive(b"\x80\x02" + text("module") + b"Q.")
    yield "build-of-tensor", archive(b"\x80\x02" + tensor([2, 2], [2, 1]) + b"}b.")
    yield "no-dict", saved(ramp(2))
    yield "no-tensor", saved({"epoch": 3})
    yield "key-twice", archive(state(("w", b"N"), ("w", b"N")))
    yield "protocol-0", archive(b"I1\n.")
    yield "empty-stack", archive(b"\x80\x02R.")
    yield "long-string", archive(b"\x80\x02X\xff\xff\xff\x7f.")

    yield "beyond-storage", handmade([2, 2], [4, 1])
    yield "offset-beyond", handmade([2, 2], [2, 1], offset=1)
    yield "negative-stride", handmade([2, 2], [-2, 1])
    yield "huge-stride", handmade([3, 2], [2 ** 62, 1])
    yield "huge-shape", handmade([2 ** 40, 2 ** 40], [1, 1])
    yield "expanded", handmade([2 ** 40], [0])
    yield "short-storage", handmade([2, 2], [2, 1], data=12)
    yield "missing-storage", archive(state(("w", tensor([2, 2], [2, 1]))))

    yield "parent-entry", archive(state(), [("archive/../evil", b"x")])
    yield "absolute-entry", archive(state(), [("/evil", b"x")])
    yield "entry-twice", archive(state(), [("archive/data/0", b"x"), ("archive/data/0", b"y")])
    yield "deflated", archive(state(), compression=zipfile.ZIP_DEFLATED)
    yield "big-endian", good.replace(b"little", b"bigger")
    yield "no-pickle", good.replace(b"data.pkl", b"data.pkk")
    yield "truncated", good[:-30]
    yield "truncated-pickle", archive(state(("w", tensor([2, 2], [2, 1])))[:-20])
    yield "legacy", saved({"w": ramp(2)}, _use_new_zipfile_serialization=False)[:100]  # memory addresses follow
    yield "tar", bytes(257) + b"ustar" + bytes(250)


def main():
    default = Path(__file__).resolve().parent.parent / "resources" / "pickle"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in fixtures():
        (folder / f"{name}.bin").write_bytes(content)
        print(f"{name}.bin: {len(content)} bytes")


if __name__ == "__main__":
    main()
