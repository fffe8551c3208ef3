#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes a directory out of a capture, for vfyard --root DIR:  sh untree.sh HOST.tree DIR
# The lines are described in capture.sh.
set -eu
[ $# = 2 ] || { echo "usage: sh untree.sh HOST.tree DIR" >&2; exit 2; }
mkdir -p "$2"
exec < "$1"
cd "$2"
made=
while IFS= read -r line; do
	case $line in '' | '#'*) continue ;; esac
	# Whichever comes first says what the line is.
	path=${line%%=*}
	case $path in
	*' -> '*) path=${line%% -> *} kind=link ;;
	"$line") path=${line%/} kind=dir ;;
	*) kind=text ;;
	esac
	case /$path/ in
	*/../*) echo "untree: '$path' leads out of the directory" >&2; exit 1 ;;
	esac
	parent=.
	case $path in */*) parent=${path%/*} ;; esac
	[ "$parent" = "$made" ] || mkdir -p "$parent"
	made=$parent
	case $kind in
	link) ln -sfn "${line#*' -> '}" "$path" ;;
	dir) mkdir -p "$path" ;;
	text)
		# The arguments of a process end in NUL.
		case $path in proc/*/cmdline) printf '%b' "${line#*=}" ;; *) printf '%b\n' "${line#*=}" ;; esac > "$path" ;;
	esac
done
