#!/usr/bin/env python3
"""Atheris (pip install atheris) with our mutator: wevmutator.so through ctypes. Run: python3 harness.py CORPUS

WEV_MUTATOR is wevmutator.so (build/, or the installed lib/). --check N needs no Atheris: N mutations of standard input, each parsed."""
import ctypes
import os
import sys
import xml.etree.ElementTree as ET

lib = ctypes.CDLL(os.environ.get("WEV_MUTATOR", "build/wevmutator.so"))
lib.afl_custom_init.restype = ctypes.c_void_p
lib.afl_custom_init.argtypes = [ctypes.c_void_p, ctypes.c_uint]
lib.afl_custom_fuzz.restype = ctypes.c_size_t
lib.afl_custom_fuzz.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t, ctypes.POINTER(ctypes.POINTER(ctypes.c_ubyte)),
                                ctypes.c_char_p, ctypes.c_size_t, ctypes.c_size_t]
state = lib.afl_custom_init(None, 1)


def mutate(data, max_size, seed):  # the mutator counts its own seeds, from the one that init was given
    out = ctypes.POINTER(ctypes.c_ubyte)()
    own = ctypes.create_string_buffer(bytes(data), len(data) + 1)
    n = lib.afl_custom_fuzz(state, own, len(data), ctypes.byref(out), None, 0, max_size)
    return bytes(out[:n])


def parse(data):
    try:
        ET.fromstring(data)  # yours
    except (ET.ParseError, ValueError, LookupError):
        return False
    return True


def main():
    if sys.argv[1:2] == ["--check"]:
        data, accepted, total = sys.stdin.buffer.read(), 0, int(sys.argv[2])
        seen = set()
        for k in range(total):
            one = mutate(data, 1 << 16, k)
            seen.add(one)
            accepted += parse(one)
        print(f"{total} mutations, {len(seen)} different, {accepted} well-formed")
        return
    import atheris
    atheris.Setup(sys.argv, lambda data: parse(data) and None, custom_mutator=mutate)
    atheris.Fuzz()


main()
