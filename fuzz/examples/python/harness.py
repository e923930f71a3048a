#!/usr/bin/env python3
"""Atheris (pip install -r requirements.txt) with our mutator: wevmutator.so through ctypes. Run: python3 harness.py CORPUS

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


def parse(data):  # stands for your parser: it takes the record id for a number
    try:
        event = ET.fromstring(data)
    except (ET.ParseError, ValueError, LookupError):
        return False
    record = event.findtext("{*}System/{*}EventRecordID")
    return record is None or int(record) >= 0


def main():
    if sys.argv[1:2] == ["--check"]:
        data, accepted, faults, total = sys.stdin.buffer.read(), 0, 0, int(sys.argv[2])
        seen = set()
        for k in range(total):
            one = mutate(data, 1 << 16, k)
            seen.add(one)
            try:
                accepted += parse(one)
            except ValueError:
                faults += 1
        print(f"{total} mutations, {len(seen)} different, {accepted} accepted, {faults} faults")
        return
    import atheris
    watched = atheris.instrument_func(parse)  # or: with atheris.instrument_imports(): import your parser
    atheris.Setup(sys.argv, lambda data: watched(data) and None, custom_mutator=mutate)
    atheris.Fuzz()


main()
