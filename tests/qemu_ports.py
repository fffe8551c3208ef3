#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Starts a real QEMU with planned ports and reads back over QMP where everything is.

usage: qemu_ports.py STAND_IN DEVICES SPARE ARGS [QEMU...]

DEVICES is how many ports are taken, "31x2" where each has two functions of one slot. ARGS is a file of render qemu's lines, in which devices of the model STAND_IN took the place of the
VFs; with --with-machine and the program it is the whole command line. The machine is never run.
Prints one line of facts, or what is wrong, exit 1.
"""
import json
import signal
import subprocess
import sys

STAND_IN = sys.argv[1]
LEAF_PORTS = ("pcie-root-port", "xio3130-downstream")
SECONDS = 60


class Qmp:
    """One QEMU, its monitor on standard input and output."""

    def __init__(self, command):
        self.qemu = subprocess.Popen(command + ["-qmp", "stdio"], stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, text=True)
        if "QMP" not in json.loads(self.qemu.stdout.readline() or "{}"):
            sys.exit(f"QEMU did not start, exit {self.qemu.wait()}")
        self.ask([("qmp_capabilities", {})])

    def ask(self, commands):
        """All at once, the answers in order: one round trip, whatever the number."""
        for execute, arguments in commands:
            self.qemu.stdin.write(json.dumps({"execute": execute, "arguments": arguments}) + "\n")
        self.qemu.stdin.flush()
        answers = []
        while len(answers) < len(commands):
            line = self.qemu.stdout.readline()
            if not line:
                sys.exit(f"QEMU ended: {self.qemu.wait()}")
            answer = json.loads(line)
            if "event" not in answer:
                answers.append(answer)
        return answers

    def properties(self, names, prop):
        got = self.ask([("qom-get", {"path": "/machine/peripheral/" + n, "property": prop})
                        for n in names])
        return {n: a.get("return") for n, a in zip(names, got)}

    def end(self):
        self.ask([("quit", {})])
        return self.qemu.wait()


def need(what, is_so):
    if not is_so:
        sys.exit("wrong: " + what)


def read_back(qmp, devices, functions, spare):
    answer = qmp.ask([("qom-list", {"path": "/machine/peripheral"})])[0]["return"]
    kinds = {e["name"]: e["type"][6:-1] for e in answer if e["type"].startswith("child<")}
    ends = [n for n, k in kinds.items() if k == STAND_IN]
    leaves = [n for n, k in kinds.items() if k in LEAF_PORTS]
    ports = [n for n, k in kinds.items() if n not in ends]
    bus = {n: (p or "").rsplit("/", 1)[-1] for n, p in
           qmp.properties(list(kinds), "parent_bus").items()}
    addr = qmp.properties(list(kinds), "addr")
    slot = qmp.properties(leaves, "slot")
    chassis = qmp.properties(leaves, "chassis")

    need(f"{len(ends)} functions, not {devices * functions}", len(ends) == devices * functions)
    taken = {bus[n] for n in kinds}
    free = [n for n in leaves if n not in taken]
    need(f"{len(free)} free ports, not {spare}", len(free) == spare)
    for n in ends:
        need(f"{n} is on {bus[n]}, which is no port", bus[n] in leaves)
        together = sorted(addr[m] for m in ends if bus[m] == bus[n])
        need(f"{n} is on {bus[n]} with {len(together)}", len(together) == functions)
        need(f"{n} is at devfn {together}", together[0] == 0 and together[-1] < 8)
        need(f"{n} has other company", list(bus.values()).count(bus[n]) == functions)
    need("two at one address", len({(bus[n], addr[n]) for n in kinds}) == len(kinds))
    need("two of one chassis and slot",
         len({(chassis[n], slot[n]) for n in leaves}) == len(leaves))
    need("a chassis or slot of 0", all(chassis[n] and slot[n] for n in leaves))
    need(f"{len(ports)} ports and bus 0 are too many buses", len(ports) + 1 <= 256)
    return free, len(ports)


def main():
    devices, functions = (int(n) for n in (sys.argv[2] + "x1").split("x")[:2])
    spare, args = int(sys.argv[3]), sys.argv[4]
    with open(args, encoding="utf-8") as f:
        command = sys.argv[5:] + f.read().split()
    signal.signal(signal.SIGALRM, lambda *_: sys.exit(f"no answer in {SECONDS} s"))
    signal.alarm(SECONDS)
    qmp = Qmp(command)
    try:
        free, ports = read_back(qmp, devices, functions, spare)
        if free:
            answer = qmp.ask([("device_add", {"driver": STAND_IN, "id": "hot", "bus": free[0],
                                              "addr": "0x0"})])[0]
            need(f"hot plug: {answer}", "return" in answer)
            if functions == 1:
                read_back(qmp, devices + 1, 1, spare - 1)
        need("QEMU's exit status", qmp.end() == 0)
    finally:
        qmp.qemu.kill()
        qmp.qemu.wait()
    print(f"{devices} devices of {functions}, each alone on its port, {spare} free, {ports + 1} buses"
          + (", hot plug into a free one" if free else ""))


main()
