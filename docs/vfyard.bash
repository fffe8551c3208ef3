# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion for vfyard: commands, options, PFs, VFs, domains, formats - all asked of the program itself, with the
# topology, hypervisor and root that stand on the line.

# _vfyard_devices STATE DOMAIN: VFs, as PF/INDEX, or by address where one is being typed ($cur) or the PF has no name; and other
# functions, by their name in the topology, or by address where one is being typed or a guest could have it now. STATE and DOMAIN,
# when not empty, are the ones they must have. STATE pf: the PFs.
_vfyard_devices() {
	local by_address=''
	[[ $cur == [0-9a-f]*:* || $cur == [0-9]* ]] && by_address=1
	vfyard -q "${pass[@]}" list --all --json 2>/dev/null | tr '{' '\n' | awk -F'"' -v state="$1" -v domain="$2" -v by_address="$by_address" '
		function member(key,   i) { for (i = 2; i < NF; i += 2) if ($i == key) return $(i + 1) ~ /^:$/ ? $(i + 2) : ""; return "" }
		/"numvfs"/ {
			if ($0 !~ /"numvfs":0/) busy[member("bdf")] = 1
			pf = member("name"); if (pf == "") pf = member("netdev")
			if (state == "pf") print pf == "" || by_address ? member("bdf") : pf
		}
		/"index"/ && state != "pf" && (state == "" || member("state") == state) && (domain == "" || member("domain") == domain) {
			match($0, /"index":[0-9]+/)
			print pf == "" || by_address ? member("bdf") : pf "/" substr($0, RSTART + 8, RLENGTH - 8)
		}
		/"sriov"/ && state != "pf" && (state == "" || member("state") == state) && (domain == "" || member("domain") == domain) {
			name = member("name"); at = member("bdf")
			if (at in busy) next
			if (by_address || (name == "" && member("state") != "host")) print at
			else if (name != "") print name
		}'
}

# Domains of the topology, those that have VFs, and those that run: of Xen, of libvirt, and QEMU processes.
_vfyard_domains() {
	local f
	vfyard -q "${pass[@]}" render dot 2>/dev/null | sed -n 's/^\t"domain \(.*\)" \[shape=.*/\1/p'
	vfyard -q "${pass[@]}" list --json 2>/dev/null | grep -o '"domain":"[^"]*"' | cut -d'"' -f4
	grep -als -- '-name' "$root"/proc/[0-9]*/cmdline | while read -r f; do
		tr '\0' '\n' < "$f" | awk 'NR == 1 && !/qemu|kvm/ { exit } p == "-name" { sub(/^guest=/, ""); sub(/,.*/, ""); print } { p = $0 }'
	done 2>/dev/null
	[[ -z $root ]] || return 0
	if command -v xl >/dev/null; then xl list 2>/dev/null | awk 'NR > 2 { print $1 }'; fi
	if command -v virsh >/dev/null; then virsh list --name 2>/dev/null; fi
}

# Options as the help of the program, or of the command, lists them.
_vfyard_options() { { [[ -z $cmd ]] || vfyard "$cmd" --help; vfyard --help; } 2>/dev/null | grep -E '^ +-' | sed 's/^ *//; s/   .*//' | grep -oE -- '(^|[ ,])--?[A-Za-z][a-z-]*' | tr -d ' ,'; }

# The words of the line. bash cuts them at colons and equals signs: 01:10.0 and --config=FILE become one again.
_vfyard_words() {
	local i w last
	words=()
	for ((i = 0; i <= COMP_CWORD; i++)); do
		w=${COMP_WORDS[i]}
		last=$((${#words[@]} - 1))
		if ((i > 1)) && [[ $w == : || ${words[last]} == *: || ( $w == '=' && ${words[last]} == --* ) || ${words[last]} == --*= ]]; then
			words[last]+=$w
			[[ $w == : || ${words[last]} == *:* ]] && glued=1
		else
			words+=("$w")
		fi
	done
}

# What the line has before the word that is typed: command, operands, and which host it is about.
_vfyard_parse() {
	local i w value
	for ((i = 1; i < ${#words[@]} - 1; i++)); do
		w=${words[i]}
		value=''
		case $w in
		--config=* | --root=* | --hypervisor=*) value=${w#*=} w=${w%%=*} ;;
		-[CHc]?*) value=${w:2} w=${w:0:2} ;;
		-[CHcp] | --config | --hypervisor | --color | --timeout | --force | --root | --qmp | --wait | --confirm | --pf | --name | --cpu | --reserve | --select | --xl-cfg | --libvirt-xml | --from | --state | --driver | --domain) value=${words[++i]} ;;
		-n | -r | -[sxlf]) case $cmd/$w in pci-assignable-add/-n | render/-r | import/-[sxlf]) ((i++)) ;; esac ;;
		-*) ;;
		*) if [[ -z $cmd ]]; then cmd=$w; else operands+=("$w"); fi ;;
		esac
		# The last word is the one that is typed.
		((i < ${#words[@]} - 1)) || break
		value=${value/#\~/$HOME}
		case $w in
		-C | --config) pass+=(-C "$value") ;;
		-H | --hypervisor) pass+=(-H "$value") ;;
		--root) pass+=(--root "$value") root=$value ;;
		esac
	done
}

# Candidates for the value of option $prev; 1: it has none.
_vfyard_value() {
	case $prev in
	--timeout | --wait | --confirm | --cpu | --name | -p | --reserve) ;;
	-n) [[ $cmd == pci-assignable-add ]] ;;
	-r) [[ $cmd == render ]] ;;
	-[xl] | --xl-cfg | --libvirt-xml) [[ $cmd == import ]] && compgen -f -- "$cur" ;;
	-f | --from) [[ $cmd == import ]] && printf '%s\n' xl libvirt qemu ;;
	-s | --select) [[ $cmd == import ]] && printf '%s\n' mac path serial id netdev bdf ;;
	-C | --config | --qmp) compgen -f -- "$cur" ;;
	--root) compgen -d -- "$cur" ;;
	--state) printf '%s\n' host assignable attached stale broken ;;
	--driver) vfyard -q "${pass[@]}" list --json 2>/dev/null | grep '^  {' | grep -o '"driver":"[^"]*"' | cut -d'"' -f4; echo none ;;
	--domain) _vfyard_domains ;;
	-H | --hypervisor) printf '%s\n' auto xen kvm ;;
	-c | --color) printf '%s\n' auto always never ;;
	--pf) _vfyard_devices pf '' ;;
	--force) _vfyard_devices pf ''; _vfyard_devices '' ''; _vfyard_domains ;;
	*) return 1 ;;
	esac
}

_vfyard_operand() {
	local n=${#operands[@]}
	case $cmd in
	'') printf '%s\n' list tree doctor check plan apply status confirm set release render import pci-assignable-list pci-assignable-add pci-assignable-remove pci-attach pci-detach pci-list help ;;
	list) _vfyard_devices pf '' ;;
	set) if ((n)) && [[ ${operands[-1]} == *=* || ${operands[0]} != */* ]]; then printf '%s\n' numvfs= autoprobe= up=; fi
		if ((n)); then printf '%s\n' mac=auto vlan= qos= proto= spoofchk=on spoofchk=off trust=on trust=off link= min_tx_rate= max_tx_rate= driver=; fi
		_vfyard_devices pf ''; _vfyard_devices '' '' ;;
	tree) ((n)) || { _vfyard_devices pf ''; _vfyard_domains; } ;;
	doctor) _vfyard_domains; _vfyard_devices pf ''; _vfyard_devices '' '' ;;
	import) compgen -f -- "$cur" ;;
	check | plan | apply | status) ((n)) || compgen -f -- "$cur" ;;
	render) case $n in 0) printf '%s\n' xl grub modprobe qemu readconfig libvirt dot svg ;; 1) _vfyard_domains ;; esac ;;
	pci-assignable-add) _vfyard_devices host '' ;;
	pci-assignable-remove) _vfyard_devices assignable '' ;;
	pci-attach) if ((n)); then _vfyard_devices assignable ''; else _vfyard_domains; fi ;;
	pci-detach) if ((n)); then _vfyard_devices attached "${operands[0]}"; else _vfyard_domains; fi ;;
	pci-list) ((n)) || _vfyard_domains ;;
	help) ((n)) || cmd='' _vfyard_operand ;;
	release) _vfyard_domains; _vfyard_devices assignable ''; _vfyard_devices attached '' ;;
	esac
}

_vfyard() {
	local words cur prev cmd='' root='' glued='' operands=() pass=() candidates
	_vfyard_words
	_vfyard_parse
	cur=${words[-1]}
	prev=${words[-2]}
	case $cur in --*=*) prev=${cur%%=*} cur=${cur#*=} ;; esac
	if ! candidates=$(_vfyard_value); then
		if [[ $cur == -* ]]; then candidates=$(_vfyard_options); else candidates=$(_vfyard_operand); fi
	fi
	# Each once, and not what stands there already.
	mapfile -t COMPREPLY < <(compgen -W "$candidates" -- "$cur" | awk -v had="${operands[*]}" '
		BEGIN { n = split(had, v, " "); for (i = 1; i <= n; i++) seen[v[i]] = 1 } !seen[$0]++')
	# bash replaces what stands behind the last colon only.
	if [[ $glued && $cur == *:* ]]; then COMPREPLY=("${COMPREPLY[@]#"${cur%:*}:"}"); fi
}
complete -F _vfyard vfyard
