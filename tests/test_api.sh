#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Each call of the library gives what its command prints with --json, byte for byte, and its exit
# status. The calls are made on captured hosts, from Python, which has no header and knows the
# library by the numbers and sizes that it must keep.
set -u
cd "$(dirname "$0")/.." || exit 1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
for h in kvm-host xen-dom0; do sh tests/untree.sh "tests/hosts/$h.tree" "$tmp/$h"; done
python3 - "$tmp" << 'EOT'
import ctypes, json, subprocess, sys
from ctypes import c_char_p, c_int, c_size_t, c_uint, c_void_p, POINTER, byref

tmp = sys.argv[1]
lib = ctypes.CDLL("build/libvfyard.so")
libc = ctypes.CDLL(None)
LOG = ctypes.CFUNCTYPE(None, c_void_p, c_int, c_char_p)
DRY_RUN, NO_ATTACH = 1, 2

class Options(ctypes.Structure):
    _fields_ = [("size", c_size_t), ("root", c_char_p), ("config", c_char_p), ("hypervisor", c_char_p), ("timeout_ms", c_uint),
                ("forced", POINTER(c_char_p)), ("n_forced", c_size_t), ("flags", c_uint), ("wait_ms", c_uint),
                ("log", LOG), ("log_arg", c_void_p), ("progress", c_void_p), ("progress_arg", c_void_p)]

class Failure(ctypes.Structure):
    _fields_ = [("object", c_char_p), ("step", c_char_p), ("cause", c_char_p), ("fix", c_char_p), ("status", c_int), ("code", c_int)]

lib.vfy_error.restype = lib.vfy_document.restype = c_char_p
lib.vfy_failure.restype = POINTER(Failure)
passed = failed = 0

def ok(fine, what):
    global passed, failed
    passed += bool(fine)
    failed += not fine
    if not fine:
        print("not ok:", what)

def devs(*names):
    return (c_char_p * len(names))(*[n.encode() for n in names]), c_size_t(len(names))

def command(args, root, config):
    p = subprocess.run(["build/vfyard", "--root", root, "-C", config, *args, "--json"], capture_output=True, stdin=subprocess.DEVNULL)
    return p.returncode, p.stdout.decode(), [l[8:] for l in p.stderr.decode().splitlines()]

def compare(name, call, args, root, config, flags=0, has_out=True):
    lines = []
    log = LOG(lambda arg, level, line: lines.append(line.decode()))
    o = Options(size=ctypes.sizeof(Options), root=root.encode(), config=config.encode(), flags=flags, log=log)
    v, text = c_void_p(), c_void_p()
    ok(lib.vfy_open(byref(v), byref(o)) == 0, f"{name}: open")
    r = call(v, byref(text)) if has_out else call(v)
    status, out, said = command(args, root, config)
    failure = lib.vfy_failure(v)
    ok(lib.vfy_exit_status(v) == status, f"{name}: status {lib.vfy_exit_status(v)}, not {status}: {lib.vfy_error(v)}")
    ok((r < 0) == bool(failure) and (not failure or failure.contents.code == -r), f"{name}: {r} and its failure differ")
    document = lib.vfy_document(v).decode()
    ok(document == out, f"{name}: document\n{document}not\n{out}")
    if text.value and has_out:
        ok(ctypes.string_at(text).decode() == out, f"{name}: the text given is another one")
        libc.free(text)
    error = lib.vfy_error(v).decode()
    # `check -j` reports problems in its document only.
    ok(r >= 0 or error in said or (not said and failure.contents.cause.decode() in out), f"{name}: '{error}' is not what the program says: {said}")
    ok(sorted(set(lines + ([error] if r < 0 else []))) == sorted(set(said)) or "problems" in out, f"{name}: {lines} logged, not {said}")
    lib.vfy_close(v)
    return document

def all_calls(root, config, pf, dev, domain):
    one, n = devs(dev)
    c = lambda name, call, args, **kw: compare(f"{name} on {root}", call, args, root, config, **kw)
    c("list", lib.vfy_list, ["list"])
    c("doctor", lambda v, t: lib.vfy_doctor(v, None, c_size_t(0), t), ["doctor"])
    c("doctor DEV", lambda v, t: lib.vfy_doctor(v, one, n, t), ["doctor", dev])
    c("check", lib.vfy_check, ["check"])
    c("plan", lib.vfy_plan, ["plan"])
    c("plan --no-attach", lib.vfy_plan, ["plan", "--no-attach"], flags=NO_ATTACH)
    c("status", lib.vfy_status, ["status"])
    c("pci-list", lambda v, t: lib.vfy_attached(v, None, t), ["pci-list"])
    c("pci-list DOMAIN", lambda v, t: lib.vfy_attached(v, domain.encode(), t), ["pci-list", domain])
    c("pci-assignable-list", lib.vfy_assignable, ["pci-assignable-list"])
    c("apply -N", lib.vfy_apply, ["apply", "-N"], flags=DRY_RUN)
    c("release -N", lambda v, t: lib.vfy_release(v, None, c_size_t(0), t), ["release", "-N"], flags=DRY_RUN)
    c("release -N DEV", lambda v, t: lib.vfy_release(v, one, n, t), ["release", "-N", dev], flags=DRY_RUN)
    words, n_words = devs("net0/1", "vlan=100", "trust=on")
    c("set -N", lambda v, t: lib.vfy_set(v, words, n_words, t), ["set", "-N", "net0/1", "vlan=100", "trust=on"], flags=DRY_RUN)
    bad, n_bad = devs("net0/1", "vlan=5000")
    c("set -N of a bad value", lambda v, t: lib.vfy_set(v, bad, n_bad, t), ["set", "-N", "net0/1", "vlan=5000"], flags=DRY_RUN)
    c("pci-assignable-add -N", lambda v: lib.vfy_assignable_add(v, one, n, b"name1"), ["pci-assignable-add", "-N", "-n", "name1", dev],
      flags=DRY_RUN, has_out=False)
    c("pci-assignable-remove -N", lambda v: lib.vfy_assignable_remove(v, one, n, 1), ["pci-assignable-remove", "-N", "-r", dev],
      flags=DRY_RUN, has_out=False)
    c("pci-attach -N", lambda v: lib.vfy_attach(v, domain.encode(), one, n), ["pci-attach", "-N", domain, dev],
      flags=DRY_RUN, has_out=False)
    c("pci-detach -N", lambda v: lib.vfy_detach(v, domain.encode(), one, n, 0), ["pci-detach", "-N", domain, dev],
      flags=DRY_RUN, has_out=False)
    none, n_none = devs("nothing/3")
    c("pci-assignable-add -N nothing/3", lambda v: lib.vfy_assignable_add(v, none, n_none, None), ["pci-assignable-add", "-N", "nothing/3"],
      flags=DRY_RUN, has_out=False)

hosts = {"kvm-host": ("0000:01:00.0", 'kvm: machine=q35'), "xen-dom0": (None, 'xen: type=pv')}
for h, (pf, kind) in hosts.items():
    root = f"{tmp}/{h}"
    listed = json.loads(subprocess.run(["build/vfyard", "-q", "--root", root, "list", "--json"], capture_output=True).stdout)
    pf = next(p for p in listed["pfs"] if p["numvfs"])
    with open(f"{tmp}/{h}.cfg", "w") as f:
        f.write(f'version = 1\npf = [ "net0: bdf={pf["bdf"]}" ]\nvf = [ "net0/1: mac=02:00:00:00:00:01" ]\n'
                f'domain = [ [ "web1", "{kind}", "net0/0" ] ]\n')
    all_calls(root, f"{tmp}/{h}.cfg", pf["bdf"], "net0/1", "web1")
    # A topology that the check refuses, and a file that cannot be read as a topology.
    with open(f"{tmp}/refused.cfg", "w") as f:
        f.write('version = 1\npf = [ "net0: bdf=0000:fe:00.0", "net1: bdf=%s" ]\n' % pf["bdf"])
    for name, call, flags in (("check", lib.vfy_check, 0), ("plan", lib.vfy_plan, 0), ("apply", lib.vfy_apply, DRY_RUN)):
        args = [name] + (["-N"] if flags else [])
        text = compare(f"{name} of a PF that is not there on {h}", call, args, root, f"{tmp}/refused.cfg", flags)
        ok("no PF of this host matches" in text, f"{name} does not tell that: {text}")
    with open(f"{tmp}/bad.cfg", "w") as f:
        f.write('version = 1\npf = [ "net0: bdf=0000:01:00.0, numvfs=seven" ]\nvf = [ "net0/0: vlan=5000" ]\n')
    for name, call, flags in (("check", lib.vfy_check, 0), ("apply", lib.vfy_apply, DRY_RUN)):
        args = [name] + (["-N"] if flags else [])
        text = compare(f"{name} of a bad file on {h}", call, args, root, f"{tmp}/bad.cfg", flags)
        ok(len(json.loads(text)["problems"]) == 2, f"{name} does not have both problems: {text}")
print(f"api: {passed} passed, {failed} failed")
sys.exit(failed != 0)
EOT
