# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion for vfyard: commands, PFs, VFs, domains, formats - all asked of the program itself.

_vfyard_devices() {	# of one state ($1, empty: any): addresses, and PF/INDEX of named PFs
	vfyard -q list --json 2>/dev/null | tr '{' '\n' | awk -F'"' -v want="$1" '
		/"numvfs"/ { for (i = 2; i < NF; i++) { if ($i == "name") n = $(i + 2); if ($i == "netdev") d = $(i + 2) }
			pf = /"name":null/ ? (/"netdev":null/ ? "" : d) : n }
		/"index"/ && (want == "" || index($0, "\"state\":\"" want "\"")) {
			match($0, /"index":[0-9]+/); idx = substr($0, RSTART + 8, RLENGTH - 8)
			for (i = 2; i < NF; i++) if ($i == "bdf") print $(i + 2)
			if (pf != "") print pf "/" idx }'
}

_vfyard_domains() {
	if command -v xl >/dev/null; then xl list 2>/dev/null | awk 'NR > 2 { print $1 }'; fi
}

_vfyard() {
	local cur prev cmd='' w i commands
	commands='list check plan apply status release render pci-assignable-list pci-assignable-add pci-assignable-remove pci-attach pci-detach pci-list'
	cur=${COMP_WORDS[COMP_CWORD]}
	prev=${COMP_WORDS[COMP_CWORD - 1]}
	for ((i = 1; i < COMP_CWORD; i++)); do
		w=${COMP_WORDS[i]}
		case " $commands " in *" $w "*) cmd=$w; break ;; esac
	done
	COMPREPLY=()
	case $prev in
	--wait) return ;;
	-C | --config | --qmp) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
	--root) mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
	-H | --hypervisor) mapfile -t COMPREPLY < <(compgen -W 'auto xen kvm' -- "$cur"); return ;;
	-c | --color) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur"); return ;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$([[ $cmd == apply ]] && echo '--no-attach --wait') "'--config --hypervisor --dry-run --json --verbose --quiet --color --timeout --force --yes --root --qmp --help --version' -- "$cur")
		return
	fi
	case $cmd in
	'') w=$commands ;;
	list) w=$(_vfyard_devices '' | sed -n 's,/.*,,p' | sort -u) ;;
	render) w=$([[ $prev == render ]] && echo 'xl grub modprobe qemu readconfig libvirt dot' || _vfyard_domains) ;;
	pci-assignable-add) w=$(_vfyard_devices host) ;;
	pci-assignable-remove) w=$(_vfyard_devices assignable) ;;
	pci-attach) w=$([[ $prev == pci-attach ]] && _vfyard_domains || _vfyard_devices assignable) ;;
	pci-detach) w=$([[ $prev == pci-detach || $prev == -f ]] && _vfyard_domains || _vfyard_devices attached) ;;
	pci-list) w=$(_vfyard_domains) ;;
	release) w="$(_vfyard_domains) $(_vfyard_devices assignable) $(_vfyard_devices attached)" ;;
	*) w= ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$w" -- "$cur")
	if declare -F __ltrim_colon_completions >/dev/null; then __ltrim_colon_completions "$cur"; fi
}
complete -F _vfyard vfyard
