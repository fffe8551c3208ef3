#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks documents against docs/vfyard.schema.json, and the manual against the schema.

Usage: json_schema.py DIR    (files DIR/N.DEFINITION.json)

Users' readers must ignore members that they do not know; here every one must be in the schema. One "not ok" line for
each failure; last a line "N checked". Exit status 1 when something failed.
"""
import copy
import glob
import json
import os
import re
import sys

import jsonschema

FAILED = []
CHECKED = 0


def fail(text):
    FAILED.append(text)
    print("not ok: json: " + text)


def strict(node):
    """No members but those of the schema, except in a topology, which vfyard-topology(5) describes."""
    if isinstance(node, dict):
        if node.get("type") == "object" and "properties" in node:
            node["additionalProperties"] = False
        for value in node.values():
            strict(value)
    elif isinstance(node, list):
        for value in node:
            strict(value)


def validator(schema, name):
    root = {"$ref": "#/$defs/" + name, "$defs": copy.deepcopy(schema["$defs"])}
    topology = root["$defs"].pop("topology")
    strict(root)
    root["$defs"]["topology"] = topology
    return jsonschema.Draft202012Validator(root)


def without_each_member(doc):
    """The document with one of its own members missing, for each."""
    for key in doc:
        yield key, {k: v for k, v in doc.items() if k != key}


def check(schema, path):
    global CHECKED
    name = os.path.basename(path).split(".")[1]
    try:
        with open(path, encoding="utf-8") as f:
            doc = json.load(f)
    except ValueError as why:
        fail(f"{path}: {why}")
        return name
    found = validator(schema, name)
    CHECKED += 1
    for error in found.iter_errors(doc):
        fail(f"{path}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")
    if not jsonschema.Draft202012Validator(schema).is_valid(doc):
        fail(f"{path}: the schema as a whole does not take it")
    required = schema["$defs"][name]["required"]
    for key, less in without_each_member(doc):
        if found.is_valid(less) == (key in required):
            fail(f"{path}: without {key!r}: {'taken' if key in required else 'refused'}")
    if found.is_valid({**doc, "version": 2}) or found.is_valid({**doc, "surprise": 1}) and name != "topology":
        fail(f"{path}: any document is taken")
    return name


def members(node, ret):
    if isinstance(node, dict):
        ret.update(node.get("properties", {}))
        for value in node.values():
            members(value, ret)
    elif isinstance(node, list):
        for value in node:
            members(value, ret)


def check_manual(schema, text):
    global CHECKED
    names, words = set(), set()
    members(schema, names)
    for line in re.findall(r"^\.(?:Va|It Va) (.*)$", text, re.M):
        words.update(re.split(r"[ ,;]+", line))
    for name in sorted(names - {"version", "hypervisor", "unseen"} - words):
        fail(f"docs/vfyard-json.5 does not tell what {name!r} is")
    for name in sorted(words - names - {""}):
        if re.fullmatch(r"[a-z_]+", name):
            fail(f"docs/vfyard-json.5 tells of {name!r}, which no document has")
    CHECKED += 1


def main():
    with open("docs/vfyard.schema.json", encoding="utf-8") as f:
        schema = json.load(f)
    jsonschema.Draft202012Validator.check_schema(schema)
    kinds = {ref["$ref"].rsplit("/", 1)[1] for ref in schema["anyOf"]}
    seen = {check(schema, path) for path in sorted(glob.glob(sys.argv[1] + "/*.json"))}
    for name in sorted(kinds ^ seen):
        fail(f"no document of {name!r} was printed, or the schema does not have it at its top")
    with open("docs/vfyard-json.5", encoding="utf-8") as f:
        check_manual(schema, f.read())
    print(f"{CHECKED} checked")
    return 1 if FAILED else 0


sys.exit(main())
