#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Stands in for QEMU in tests/test_trust.sh: a real process with a real monitor, well behaved or hostile.

It is run by a copy of Python that is called qemu-system-x86_64; its arguments are those of the guest.
HOLD, HOW   opens that file with these flags of os.open
LISTEN      listens on this socket, with the manners of MODE; without MODE it never greets
FUSE        mounts a file system there, and stands in mmap(2) of it with its own memory locked: who reads its arguments waits

MODE: answer      as QEMU does; a device it is given it has open
      liar        the same, and opens nothing
      mute        takes part in the negotiation, then never says a word
      flood       events without end instead of the first answer
      flood-add   events without end instead of an answer to device_add
      half        closes the connection in the middle of an answer
      ids         each answer has another id than its question
      early       answers to the next questions come before these, in the same breath as the greeting
      objects     answers each question with the answer to another one
      ports       has more ports than a machine can have
      restart     like answer, but each command closes the connection when it is answered
"""
import ctypes
import json
import mmap
import os
import signal
import socket
import struct
import sys
import time

PORTS = 4
EVENT = b'{"timestamp": {"seconds": 1, "microseconds": 2}, "event": "NIC_RX_FILTER_CHANGED", "data": {"name": "n"}}\r\n'


class Machine:
    """Four root ports, and what was plugged into them."""

    def __init__(self, mode):
        self.mode = mode
        self.devices = {}  # id: (host, bus, descriptor)

    def plug(self, a):
        group = os.path.basename(os.readlink(f"/sys/bus/pci/devices/{a['host']}/iommu_group"))
        fd = None if self.mode == "liar" else os.open(f"/dev/vfio/{group}", os.O_RDWR)
        self.devices[a["id"]] = (a["host"], a["bus"], fd)
        return {"return": {}}

    def unplug(self, a):
        if a["id"] not in self.devices:
            return self.none(a["id"])
        fd = self.devices.pop(a["id"])[2]
        if fd is not None:
            os.close(fd)
        return {"return": {}}

    @staticmethod
    def none(name):
        return {"error": {"class": "DeviceNotFound", "desc": f"Device '{name}' not found"}}

    def listing(self, path):
        parts = path.split("/")
        if path == "/machine/peripheral":
            n = 8000 if self.mode == "ports" else PORTS
            return ([{"name": f"rp{i}", "type": "child<pcie-root-port>"} for i in range(n)] +
                    [{"name": d, "type": "child<vfio-pci>"} for d in self.devices])
        if path == "/machine/peripheral-anon":
            return []
        if len(parts) == 5 and parts[3] == parts[4]:
            return [{"name": "child[0]", "type": "link<x>"} for d in self.devices.values() if d[1] == parts[3]]
        return [{"name": "type", "type": "string"}] if parts[-1] in self.devices else None

    def get(self, path, prop):
        name = path.rsplit("/", 1)[1]
        if name in self.devices:
            return {"host": self.devices[name][0], "parent_bus": "/x/" + self.devices[name][1]}.get(prop)
        return {"type": "pc-q35-7.2-machine"}.get(prop) if path == "/machine" else {"slot": 1}.get(prop)

    def answer(self, command, a):
        if command == "qom-list":
            got = self.listing(a["path"])
            return self.none(a["path"]) if got is None else {"return": got}
        if command == "qom-get":
            got = self.get(a["path"], a["property"])
            return {"error": {"class": "GenericError", "desc": "Property not found"}} if got is None else {"return": got}
        if command == "device_add":
            return self.plug(a)
        if command == "device_del":
            return self.unplug(a)
        return {"return": {"query-pci": [], "query-name": {"name": "guest"}}.get(command, {})}


def send(c, o):
    c.sendall(json.dumps(o).encode() + b"\r\n")


def flood(c):
    c.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
    while True:
        c.sendall(EVENT * 2000)


def reply(c, m, question):
    mode, command, a = m.mode, question["execute"], question.get("arguments", {})
    if command != "qmp_capabilities":
        if mode == "mute":
            return True
        if mode == "flood" or (mode == "flood-add" and command == "device_add"):
            flood(c)
    got = m.answer(command, a)
    if mode == "objects" and command != "qmp_capabilities":
        got = {"return": {"host": "0000:01:11.4"} if command == "qom-list" else [{"name": 1, "type": None}]}
    got["id"] = question["id"] + (1000 if mode == "ids" and command != "qmp_capabilities" else 0)
    if mode == "half" and command != "qmp_capabilities":
        c.sendall(json.dumps(got).encode()[:-3])
        return False
    send(c, got)
    if command == "device_del" and "return" in got:
        send(c, {"event": "DEVICE_DELETED", "data": {"device": a["id"], "path": "/machine/peripheral/" + a["id"]}})
    return mode != "restart" or command == "qmp_capabilities"


def serve(c, m):
    send(c, {"QMP": {"version": {"qemu": {"micro": 0, "minor": 2, "major": 7}}, "capabilities": []}})
    if m.mode == "early":
        for i in range(1, 200):
            send(c, {"id": i, "return": {}})
    for line in c.makefile("rb"):
        if not reply(c, m, json.loads(line)):
            return


def listen(path, mode):
    s = socket.socket(socket.AF_UNIX)
    s.bind(path)
    s.listen(5)
    return s, Machine(mode)


# Linux include/uapi/linux/fuse.h
LOOKUP, FORGET, GETATTR, OPEN, READ, WRITE, INIT, INTERRUPT, BATCH_FORGET = 1, 2, 3, 14, 15, 16, 26, 36, 42
DIRECT_IO = 3  # FOPEN_DIRECT_IO, FOPEN_KEEP_CACHE
PAGE = 4096


def attributes(node):
    mode = 0o40755 if node == 1 else 0o100644
    return struct.pack("<6Q10I", node, 0 if node == 1 else PAGE, 0, 0, 0, 0, 0, 0, 0, mode, 1, 0, 0, 0, PAGE, 0)


def fuse_serve(fd):
    """Answers all but writes; from the second time on the file is opened for direct I/O. Ends by itself: until
    then every ps(1) of the machine waits."""
    signal.alarm(60)
    opened = 0
    while True:
        try:
            ask = os.read(fd, 1 << 18)
        except OSError:
            return
        _, op, unique, node = struct.unpack_from("<IIQQ", ask)
        if op in (WRITE, FORGET, BATCH_FORGET, INTERRUPT):
            continue
        body = {INIT: struct.pack("<4I2H2I2H8I", 7, 31, 0, 0, 0, 0, PAGE, 1, 0, 0, *[0] * 8),
                LOOKUP: struct.pack("<4Q2I", 2, 0, 1000, 1000, 0, 0) + attributes(2),
                GETATTR: struct.pack("<Q2I", 1000, 0, 0) + attributes(node),
                OPEN: struct.pack("<Q2I", 1, DIRECT_IO if opened else 0, 0),
                READ: bytes(PAGE)}.get(op)
        opened += op == OPEN
        head = struct.pack("<IiQ", 16 + len(body or b""), 0 if body else -38, unique)
        os.write(fd, head + (body or b""))


def lock_memory(folder):
    """Never comes back: mmap(2) has the lock of this process's memory, and waits until the page that was
    changed through the other mapping is written. Source: Linux fs/fuse/file.c, fuse_file_mmap()."""
    libc = ctypes.CDLL(None, use_errno=True)
    fuse = os.open("/dev/fuse", os.O_RDWR)
    if libc.mount(b"hold", folder.encode(), b"fuse", 0, b"fd=%d,rootmode=40000,user_id=0,group_id=0" % fuse) < 0:
        sys.exit(f"mount of FUSE: {os.strerror(ctypes.get_errno())}")
    os.set_inheritable(fuse, True)
    server = os.fork()
    if server == 0:
        # a program that is no QEMU, or it would be a guest of the same name
        os.execvp("python3", ["python3", __file__, "--serve-fuse", str(fuse)])
    os.close(fuse)
    cached = os.open(folder + "/f", os.O_RDWR)
    changed = mmap.mmap(cached, PAGE)
    changed[0] = 1
    direct = os.open(folder + "/f", os.O_RDWR)
    print(f"server {server}\nup", flush=True)
    mmap.mmap(direct, PAGE, flags=mmap.MAP_PRIVATE)
    print("mmap came back", flush=True)


def main():
    env = os.environ.get
    machine = None
    if sys.argv[1:2] == ["--serve-fuse"]:
        return fuse_serve(int(sys.argv[2]))
    if env("HOLD"):
        os.open(env("HOLD"), getattr(os, env("HOW")))
    if env("LISTEN"):
        s, machine = listen(env("LISTEN"), env("MODE"))
    if env("FUSE"):
        lock_memory(env("FUSE"))
    print("up", flush=True)
    while machine and machine.mode:
        c, _ = s.accept()
        try:
            serve(c, machine)
        except OSError:
            pass
        c.close()
    time.sleep(600)


main()
