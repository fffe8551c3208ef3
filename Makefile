# SPDX-License-Identifier: GPL-2.0-or-later
# make [V=1] [SAN=1] [WERROR=1] [XEN=yes|no] [CC=clang] [ARCH=arm64 SYSROOT=DIR]   build; make help has the targets, which are lines that begin with "#:"
VERSION := 0.1.0
prefix  ?= /usr/local
sbindir ?= $(prefix)/sbin
libdir  ?= $(prefix)/lib
incdir  ?= $(prefix)/include
mandir  ?= $(prefix)/share/man
datadir ?= $(prefix)/share
unitdir ?= $(prefix)/lib/systemd/system
udevdir  ?= $(unitdir:/systemd/system=/udev/rules.d)
DESTDIR ?=
PKG     ?= pkg-config
CFLAGS  ?= -O2 -g
XEN     ?= yes
# `make lab-xen SHELL=1` asks for an interactive lab; make's own shell stays bash.
interactive   := $(filter-out /bin/sh /bin/bash,$(if $(filter command% environment%,$(origin SHELL)),$(SHELL)))
override SHELL := /bin/bash

# For another machine, with a tree of its packages: make ARCH=arm64 SYSROOT=DIR. A packager gives CC, AR and PKG instead.
ifneq ($(and $(ARCH),$(SYSROOT)),)
triplet := $(patsubst arm64,aarch64,$(ARCH))-linux-gnu
override CC  := $(triplet)-gcc --sysroot=$(SYSROOT)
override AR  := $(triplet)-ar
override PKG := PKG_CONFIG_SYSROOT_DIR=$(SYSROOT) PKG_CONFIG_LIBDIR=$(SYSROOT)/usr/lib/$(triplet)/pkgconfig pkg-config
endif
# Sanitized, Xen-less and clang builds live beside the normal one.
B    := build$(if $(SAN),/san)$(if $(FUZZ),/fuzz)$(if $(filter no,$(XEN)),/noxen)$(if $(findstring clang,$(CC)),/clang)$(if $(triplet),/$(ARCH))
san  := $(if $(FUZZ),-fsanitize=fuzzer-no-link) $(if $(SAN)$(FUZZ),-fsanitize=address -fsanitize=undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
xen  := $(filter yes,$(XEN))
# Of the program, of the module for Xen, and of the tests, which ask libxlutil what it reads in a topology.
pkgs  := libpci libnl-3.0 jansson expat
xpkgs := $(if $(xen),xenlight xenstore xentoollog)
tpkgs := $(if $(xen),xlutil)
pkgcflags = $(eval pkgcflags := $(shell $(PKG) --cflags $(pkgs) $(xpkgs) $(tpkgs)))$(pkgcflags)
pkglibs   = $(eval pkglibs := $(shell $(PKG) --libs $(pkgs)))$(pkglibs)
xenlibs   = $(if $(xen),$(eval xenlibs := $(shell $(PKG) --libs $(xpkgs)))$(xenlibs))
testlibs  = $(eval testlibs := $(shell $(PKG) --libs $(pkgs) $(xpkgs) $(tpkgs)))$(testlibs)
warn = -Wall -Wextra -Wshadow -Wundef -Wvla -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings \
	 $(if $(WERROR),-Werror)
# The compiler is asked once, and only when something is compiled.
harden = $(eval harden := $(shell sh tests/hardening.sh $(CC) $(san) $(CPPFLAGS) $(CFLAGS)))$(harden)
# The caller's flags come last, so that packagers win.
cflags = -std=c11 -D_GNU_SOURCE -Iinclude -Isrc -MMD -MP -fPIC -fvisibility=hidden $(warn) $(harden) \
	 -DVERSION='"$(VERSION)"' -DEXAMPLES='"$(datadir)/doc/vfyard/xl-cfg/"' \
	 -DHAVE_XEN=$(if $(xen),1,0) -DLIBXL_API_VERSION=0x041400 $(pkgcflags) $(own) $(san) $(CPPFLAGS) $(CFLAGS)
# link [-pie]: the compiler's flags are here too, because -flto compiles at link time, on all
# processors.
link   = $(CC) $(1) $(warn) $(harden) -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack $(san) \
	 $(patsubst -flto,-flto=auto,$(CFLAGS) $(LDFLAGS)) -o $@
pie    = $(if $(filter -static%,$(CFLAGS) $(LDFLAGS)),,-pie)
Q     := $(if $(V),,@)
say    = $(if $(V),,$(info $()  $(1)    $(2)))
comma := ,
objs   = $(patsubst %.c,$(B)/%.o,$(wildcard $(1)))

# A backend is a module, except for the code that tells whether a host has it, and for the readers of
# files that define guests.
readers := $(addprefix src/backend/,xen/xl_file.c kvm/libvirt_file.c kvm/libvirt_xml.c kvm/qemu_file.c kvm/cmdline.c kvm/qemu_opts.c kvm/process.c)
probes := $(readers) src/backend/xen/probe.c src/backend/kvm/probe.c src/backend/kvm/iommu.c
modsrc := $(filter-out $(probes),$(wildcard src/backend/xen/*.c src/backend/kvm/*.c src/backend/kvm/libvirt/*.c))
libsrc := $(filter-out src/cli/% $(if $(xen),,$(filter src/backend/xen/%,$(modsrc))),$(wildcard src/*/*.c src/*/*/*.c src/*/*/*/*.c))
lib    := $(call objs,$(libsrc))
main   := $(call objs,$(filter-out $(modsrc),$(libsrc)))
loader := $(B)/src/backend/module.o
modules := $(B)/backend-kvm.so $(if $(xen),$(B)/backend-xen.so)
tests  := $(filter-out $(if $(xen),,$(B)/tests/test_xen_%),$(patsubst %.c,$(B)/%,$(wildcard tests/test_*.c)))

tools  := $(patsubst %.c,$(B)/%,$(filter-out tests/test_%.c tests/fake_%.c,$(wildcard tests/*.c)))

#: all                     builds the program and the library, in build/
all: $(B)/vfyard $(B)/libvfyard.so $(modules) $(B)/installed/vfyard $(B)/installed/libvfyard.so

$(B)/libvfyard.a: $(lib)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^
$(B)/libvfyard.so: $(main) src/libvfyard.map
$(B)/installed/libvfyard.so: $(filter-out $(loader),$(main)) src/libvfyard.map
$(B)/libvfyard.so $(B)/installed/libvfyard.so:
	$(call say,LD,$@)
	$(Q)$(call link) -shared -Wl,-soname,libvfyard.so.0 -Wl,--version-script=src/libvfyard.map $(filter %.o,$^) $(pkglibs)
$(B)/vfyard $(B)/installed/vfyard: $(call objs,src/cli/*.c) $(B)/libvfyard.a
	$(call say,LD,$@)
	$(Q)$(call link,$(pie)) $(filter %.o,$^) $(B)/libvfyard.a $(pkglibs)
# A module contains everything that it needs of the library, so that neither the program nor the
# library exports anything for it.
$(B)/backend-%.so: $(B)/libvfyard.a
	$(call say,LD,$@)
	$(Q)$(call link) -shared $(if $(san),,-Wl,-z,defs) -Wl,-u,vfyard_backend_$* $< -Wl,--as-needed $(pkglibs) $(if $(filter xen,$*),$(xenlibs))
# Program and library look for modules beside themselves in the build, and where they are installed in one folder: these are
# linked twice. What both sides must have in common are the headers between them.
headers := $(sort $(wildcard include/*.h src/*/*.h src/*/*/*.h src/*/*/*/*.h))
abi     = $(eval abi := $(VERSION)-$(shell cat $(headers) | cksum | cut -d ' ' -f 1))$(abi)
$(loader) $(B)/installed/module.o $(call objs,src/backend/kvm/module.c src/backend/xen/module.c): $(headers)
$(loader) $(B)/installed/module.o $(call objs,src/backend/kvm/module.c src/backend/xen/module.c): own = -DBUILD='"$(abi)"' -DMODULES='"$(modules_in)"'
$(B)/installed/module.o: modules_in = $(libdir)/vfyard
$(B)/installed/module.o: src/backend/module.c $(B)/installed/libdir Makefile tests/hardening.sh
	$(call say,CC,$< for $(libdir))
	$(Q)$(CC) $(cflags) -c -o $@ $<
$(B)/installed/libdir: always
	$(Q)mkdir -p $(@D); echo '$(libdir)' | cmp -s - $@ || echo '$(libdir)' > $@
$(B)/installed/vfyard $(B)/installed/libvfyard.so: $(B)/installed/module.o
# These rules are static patterns, because with implicit ones make would choose another rule as long
# as the object of a new fake does not exist.
xentests := $(filter $(B)/tests/test_xen_%,$(tests))
# The fakes of the hypervisor's library stand before it, so that they win over the shared one.
xenfakes := $(filter-out $(B)/tests/fake/fake_kvm% $(B)/tests/fake/fake_virt%,$(call objs,tests/fake/*.c))
# What commands share: from an archive, so that a test may include one of these files itself.
shared   := $(call objs,src/cli/colors.c src/cli/confirm.c src/cli/plan_common.c)
$(B)/tests/shared.a: $(shared)
	$(call say,AR,$@)
	$(Q)mkdir -p $(@D) && rm -f $@ && $(AR) rcs $@ $^
$(xentests): %: %.o $(xenfakes) $(B)/tests/shared.a $(B)/libvfyard.a
	$(call say,LD,$@)
	$(Q)$(call link,$(pie)) $^ $(testlibs) -lcmocka
# This test is a foreign program: it gets the public functions from the shared library.
$(B)/tests/test_api: $(B)/tests/test_api.o $(B)/tests/fake/fake_root.o $(B)/tests/fake/fake_root_pf.o $(B)/libvfyard.so $(B)/libvfyard.a | $(modules)
	$(call say,LD,$@)
	$(Q)ln -sf libvfyard.so $(B)/libvfyard.so.0
	$(Q)$(call link,$(pie)) $(filter-out %.a,$^) $(filter %.a,$^) -Wl,-rpath,'$$ORIGIN/..' $(pkglibs) -lcmocka
fakes := $(filter-out $(B)/tests/fake/fake_libxl% $(B)/tests/fake/fake_xs%,$(call objs,tests/fake/*.c))
$(filter-out $(xentests) $(B)/tests/test_api,$(tests)): %: %.o $(fakes) $(B)/tests/shared.a $(B)/libvfyard.a
	$(call say,LD,$@)
	$(Q)$(call link,$(pie)) $^ $(testlibs) -lcmocka
# The planner against all small hosts: data stands in for what the library would read from a host
# (tests/prove/look.c).
seam := guard_function guard_take guard_pf guard_vgpu_type netdev_macs_each bind_driver_of bind_override_of state_commit \
	pf_is_up netdev_address netdev_is_used host_boot_id inventory_read_attrs root_exists root_read_u64
$(B)/tests/prove/prove: $(call objs,tests/prove/*.c) $(fakes) $(B)/tests/shared.a $(B)/libvfyard.a
	$(call say,LD,$@)
	$(Q)$(call link,$(pie)) $^ $(patsubst %,-Wl$(comma)--wrap=%,$(seam)) $(testlibs) -lcmocka
# tests/fuzz.sh builds these with FUZZ=1 and clang. The backends are linked in, and connect() is
# wrapped because the test accepts the connection to its monitor there.
fuzzers := $(filter-out $(if $(xen),,$(B)/tests/fuzz/fuzz_dump),$(patsubst %.c,$(B)/%,$(wildcard tests/fuzz/fuzz_*.c)))
$(B)/tests/fuzz/fuzz_qmp: wrap := -Wl,--wrap=connect
$(fuzzers): %: %.o $(B)/tests/fuzz/fuzz.o $(B)/tests/fake/fake_modules.o $(B)/libvfyard.a
	$(call say,LD,$@)
	$(Q)$(call link,$(pie)) -fsanitize=fuzzer $(wrap) $^ $(testlibs)
fuzzers: $(fuzzers)
# Programs of the tests that are not cmocka tests: the tools that make trees, and the bare loop of
# the bench.
$(tools): %: %.o $(B)/libvfyard.a
	$(call say,LD,$@)
	$(Q)$(call link,$(pie)) $^ $(pkglibs)
$(B)/former: tests/former-headers
	$(Q)while read -r was is; do [ "$$was" = '#' ] || { mkdir -p $@/$${was%/*}; echo "#include \"$$is\"" > $@/$$was; }; done < $<
	$(Q)touch $@
$(B)/tests/%.o: tests/%.c Makefile tests/hardening.sh | $(B)/former
	$(call say,CC,$<)
	$(Q)[ -d $(@D) ] || mkdir -p $(@D); $(CC) -Itests -Itests/fake $(cflags) -I$(B)/former $(if $(ONE),-Wno-missing-prototypes -Dmain=$(*F)_main) -c -o $@ $<
$(B)/%.o: %.c Makefile tests/hardening.sh
	$(call say,CC,$<)
	$(Q)[ -d $(@D) ] || mkdir -p $(@D); $(CC) $(cflags) -c -o $@ $<

# warnings: each compiler at each level; with LTO also the warnings that come at link time
# (tests/warnings.sh). For LTO the tests are linked into one program for each hypervisor, because
# eighty programs would compile the library eighty times: ONE=1 names each main() after its file.
objects: $(lib) $(call objs,src/cli/*.c tests/*.c tests/fake/*.c tests/prove/*.c tests/fuzz/*.c)
mains = $(patsubst $(B)/tests/%.o,%_main,$(filter-out $(B)/tests/fake/%,$(filter $(B)/tests/%,$^)))
$(B)/one-kvm: $(addsuffix .o,$(filter-out $(xentests),$(tests)) $(tools)) $(fakes) $(shared) $(filter-out $(loader),$(lib))
$(B)/one-xen: $(addsuffix .o,$(xentests)) $(xenfakes) $(shared) $(filter-out $(loader),$(lib))
$(B)/one-%:
	$(call say,LD,$@)
	$(Q)printf 'int %s();\n' $(mains) > $@.c
	$(Q)echo 'int main(int c, char **v) { return $(patsubst %,%(c, v) +,$(mains)) 0; }' >> $@.c
	$(Q)$(CC) -std=c11 -w $(CFLAGS) -c -o $@.o $@.c
	$(Q)$(call link,$(pie)) $@.o $^ $(testlibs) -lcmocka
lto: $(B)/one-kvm $(if $(xen),$(B)/one-xen) $(B)/vfyard $(B)/libvfyard.so $(modules)
#: warnings                compiles everything with gcc and clang at each level, or only CELLS="gcc:O3"
warnings:
	$(Q)MAKE="$(MAKE)" CELLS="$(CELLS)" bash tests/warnings.sh

# deps: installs with apt what is missing, and says what it does. demo and check run it.
#: deps                    installs with apt what demo and check need
deps:
	$(Q)bash tests/deps.sh check
#: demo                    shows the main job on this host, or on a captured one
demo:
	$(Q)bash tests/deps.sh build
	$(Q)$(MAKE) --no-print-directory all
	$(Q)bash tests/demo.sh
#: check                   runs every test, the labs too; the last line has the totals
check: deps
	$(Q)bash tests/check.sh
#: tests tools             builds the programs of tests/ without running them
tests: $(tests) $(B)/tests/prove/prove
tools: $(tools)
#: unit                    runs all test programs, one after the other
unit: tests
	$(Q)for t in $(tests); do $$t || exit 1; done
#: test-NAME [T=PATTERN]   runs tests/test_NAME.c, or its tests that match T='a_vf_*'; or test_NAME.sh
$(patsubst tests/test_%.sh,test-%,$(wildcard tests/test_*.sh)): test-%: all
	$(Q)bash tests/test_$*.sh
test-%: $(B)/tests/test_%
	$(Q)$< $(if $(T),'$(T)')
#: bench                   measures how fast lists are, here and in the labs
bench: deps
	$(Q)$(MAKE) --no-print-directory all tools
	$(Q)bash tests/bench.sh
	$(Q)bash tests/lab/lab.sh run kvm bench
	$(Q)bash tests/lab/lab.sh run xen bench
	$(Q)bash tests/lab/lab.sh run xen batch
# prove: every small host and topology; what did not hold is in build/prove (tests/prove/main.c).
#: prove                   the planner against 50 million small hosts and topologies
prove: $(B)/tests/prove/prove
	$(Q)mkdir -p $(B)/prove
	$(Q)$(B)/tests/prove/prove -o $(B)/prove
#: fuzz [FUZZ_S=SECONDS]   fuzzes each parser and conversation with libFuzzer, each for this long
fuzz:
	$(Q)bash tests/fuzz.sh
# chaos: every kill and every failure on the fake host, and a sample of them, with losses of power,
# on the real ones.
#: chaos                   kills apply and release at every change, fails their calls, cuts the power
chaos: deps
	$(Q)$(MAKE) --no-print-directory all tests
	$(Q)CHAOS=all $(B)/tests/test_chaos
	$(Q)bash tests/lab/lab.sh run kvm chaos
	$(Q)bash tests/lab/lab.sh run xen chaos
	$(Q)bash tests/lab/lab.sh run kvm power
	$(Q)bash tests/lab/lab.sh run xen power
#: lab-xen lab-kvm lab-arm the labs' scenarios; with SHELL=1 a shell on such a host
lab-xen lab-kvm lab-arm: lab-%: deps
	$(Q)$(MAKE) --no-print-directory all tools
	$(Q)bash tests/lab/lab.sh $(if $(interactive),shell,check) $*

#: install                 installs below DESTDIR and prefix (/usr/local)
install: all
	install -D -m 755 $(B)/installed/vfyard $(DESTDIR)$(sbindir)/vfyard
	install -D -m 755 $(B)/installed/libvfyard.so $(DESTDIR)$(libdir)/libvfyard.so.0
	ln -sf libvfyard.so.0 $(DESTDIR)$(libdir)/libvfyard.so
	install -d -m 755 $(DESTDIR)$(libdir)/vfyard
	install -m 755 $(modules) $(DESTDIR)$(libdir)/vfyard/
	install -D -m 644 include/vfyard.h $(DESTDIR)$(incdir)/vfyard.h
	install -d $(DESTDIR)$(libdir)/pkgconfig
	sed -e 's|@prefix@|$(prefix)|; s|@version@|$(VERSION)|; s|@libdir@|$(patsubst $(prefix)/%,$${prefix}/%,$(libdir))|' \
		-e 's|@incdir@|$(patsubst $(prefix)/%,$${prefix}/%,$(incdir))|' docs/libvfyard.pc.in > $(DESTDIR)$(libdir)/pkgconfig/libvfyard.pc
	install -D -m 644 docs/examples/apply.c $(DESTDIR)$(datadir)/doc/vfyard/examples/apply.c
	install -D -m 644 docs/libvfyard.3 $(DESTDIR)$(mandir)/man3/libvfyard.3
	install -D -m 644 docs/vfyard.8 $(DESTDIR)$(mandir)/man8/vfyard.8
	install -D -m 644 docs/vfyard-topology.5 $(DESTDIR)$(mandir)/man5/vfyard-topology.5
	install -D -m 644 docs/vfyard-json.5 $(DESTDIR)$(mandir)/man5/vfyard-json.5
	install -D -m 644 docs/vfyard.schema.json $(DESTDIR)$(datadir)/vfyard/vfyard.schema.json
	install -D -m 644 docs/vfyard.bash $(DESTDIR)$(datadir)/bash-completion/completions/vfyard
	install -D -m 644 docs/_vfyard $(DESTDIR)$(datadir)/zsh/site-functions/_vfyard
	install -d $(DESTDIR)$(unitdir)
	sed 's|@sbindir@|$(sbindir)|' docs/vfyard.service.in > $(DESTDIR)$(unitdir)/vfyard.service
	sed 's|@sbindir@|$(sbindir)|' docs/vfyard-pf@.service.in > $(DESTDIR)$(unitdir)/vfyard-pf@.service
	install -D -m 644 docs/60-vfyard.rules $(DESTDIR)$(udevdir)/60-vfyard.rules
	install -D -m 755 tests/capture.sh $(DESTDIR)$(datadir)/vfyard/capture.sh
	install -d $(DESTDIR)$(datadir)/doc/vfyard/xl-cfg
	install -m 644 xl-cfg/* $(DESTDIR)$(datadir)/doc/vfyard/xl-cfg/
#: clean                   removes build/
clean:
	rm -rf build
#: help                    prints this list
help:
	@sed -n 's/^#: /  /p' Makefile

.PHONY: help all always deps demo check warnings objects lto tests tools unit bench prove fuzz fuzzers chaos lab-xen lab-kvm lab-arm install clean
.SECONDARY:
.DELETE_ON_ERROR:
-include $(shell find $(B)/src $(B)/tests $(B)/installed -name '*.d' 2>/dev/null)
