#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes a directory out of a capture, for vfyard --root DIR: sh untree.sh HOST.tree DIR
# The lines are described in capture.sh.
set -eu
[ $# = 2 ] || { echo "usage: sh untree.sh HOST.tree DIR" >&2; exit 2; }
mkdir -p "$2"
exec < "$1"
cd "$2"
made=

die() { echo "untree: '$path' $*" >&2; exit 1; }

# Whoever attached the capture chose its links, so nothing is written through one.
no_links() {
	rest=$1 at=
	while [ -n "$rest" ]; do
		at=$at${rest%%/*}
		[ ! -h "$at" ] || die "goes through a link"
		at=$at/
		case $rest in */*) rest=${rest#*/} ;; *) rest= ;; esac
	done
}

while IFS= read -r line; do
	case $line in '' | '#'*) continue ;; esac
	# The separator that comes first tells what the line is.
	path=${line%%=*}
	case $path in
	*' -> '*) path=${line%% -> *} kind=link ;;
	"$line") path=${line%/} kind=dir ;;
	*) kind=text ;;
	esac
	case /$path/ in
	*/../* | //*) die "leads out of the directory" ;;
	/-*) die "is no path" ;;
	esac
	parent=.
	case $path in */*) parent=${path%/*} ;; esac
	if [ "$parent" != "$made" ]; then
		no_links "$parent"
		mkdir -p "$parent"
	fi
	made=$parent
	if [ "$kind" = link ]; then
		# the link may replace one of the parents that were checked
		[ -h "$path" ] || [ ! -e "$path" ] || die "is there already, and no link"
		made=
	else
		[ ! -h "$path" ] || die "goes through a link"
	fi
	case $kind in
	link) ln -sfn "${line#*' -> '}" "$path" ;;
	dir) mkdir -p "$path" ;;
	text)
		# The arguments of a process end in NUL.
		case $path in proc/*/cmdline) printf '%b' "${line#*=}" ;; *) printf '%b\n' "${line#*=}" ;; esac > "$path" ;;
	esac
done
