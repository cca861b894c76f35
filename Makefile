# make                 ./fwbox, static, its code and constants packed
# make V=1             shows the commands
# make check           all tests (scripts/test.sh); make unit: the quick ones
# make size            the binary's size against its ceiling
# make bench           timings beside the peers
# make cloud-init      build/cloud-init: user-data with the binary in it
# make dist            build/dist: the release's tarballs and their sums
# make install         DESTDIR= PREFIX=/usr/local UFW=1 for the link ufw too
VERSION := 0.1.0
PREFIX  ?= /usr/local
SIZE_CEILING := 98304

# A musl compiler: musl-gcc where there is one, else cc (Alpine).
ifeq ($(origin CC),default)
CC := $(if $(shell command -v musl-gcc),musl-gcc,$(CROSS_COMPILE)cc)
endif
HOSTCC ?= gcc

# A static libmnl: build/deps (scripts/setup.sh) or the system's.
DEPS := build/deps/usr
MNL_CFLAGS := $(if $(wildcard $(DEPS)/include/libmnl),-isystem $(DEPS)/include)
MNL_LIB := $(or $(firstword $(wildcard $(DEPS)/lib/*/libmnl.a \
	/usr/lib/$(shell $(CC) -print-multiarch)/libmnl.a /usr/lib/libmnl.a)),\
	a-static-libmnl-by-scripts/setup.sh-build)
MNL_BARE := build/musl/libmnl.a
# musl's own headers first; the kernel's come from the system's last.
ifneq ($(findstring musl-gcc,$(CC)),)
KERNEL_CFLAGS := -idirafter /usr/include \
	-idirafter /usr/include/$(shell gcc -print-multiarch)
endif

WARN := -Wall -Wextra -Wshadow -Wconversion -Wformat=2 -Werror
CSTD := -std=c11 -D_GNU_SOURCE -DVERSION='"$(VERSION)"'
# No floating point here: variadic functions need not save its registers.
MACHINE := $(firstword $(subst -, ,$(shell $(CC) -dumpmachine)))
# Each of these makes the program smaller, together by 5 KB: what stands in
# the same order again and again packs well.
SMALLER := -fno-jump-tables -fno-inline-functions-called-once \
	-fno-caller-saves -fno-expensive-optimizations \
	-fno-guess-branch-probability -fno-if-conversion -fno-ipa-sra \
	-fno-move-loop-invariants -fno-optimize-sibling-calls \
	-fno-schedule-insns2 -fno-shrink-wrap -fno-tree-dominator-opts \
	-fno-tree-loop-im -fno-tree-sink -fno-tree-sra -fno-tree-tail-merge
# Of GCC 14's, other ones do.
GCC := $(firstword $(subst ., ,$(shell $(CC) -dumpversion)))
ifeq ($(filter 4 5 6 7 8 9 10 11 12 13,$(GCC)),)
SMALLER := $(filter-out -fno-expensive-optimizations -fno-tree-sink, \
	$(SMALLER)) -fno-code-hoisting -fno-ipa-bit-cp -fno-ipa-vrp \
	-fno-rerun-cse-after-loop -fno-ssa-phiopt -fno-tree-fre -fno-tree-pre \
	-fno-tree-slsr
endif
# To be loaded anywhere, where libc has what starts such a program.
RCRT := $(if $(filter x86_64 aarch64 riscv64 s390x,$(MACHINE)),$(wildcard \
	$(shell $(CC) -\#\#\# -static -o /dev/null -x c /dev/null 2>&1 | \
	tr -s ' "' '\n' | sed -n 's,^\(/.*/\)S*crt1\.o$$,\1rcrt1.o,p')))
CFLAGS ?= -Oz $(if $(filter x86_64 aarch64,$(MACHINE)),-mgeneral-regs-only) \
	$(SMALLER) -flto -flto-partition=one \
	-fomit-frame-pointer -fno-asynchronous-unwind-tables \
	-fno-unwind-tables -fstack-protector-strong $(if $(RCRT),-fpie,-fno-pie)
SECTIONS := -ffunction-sections -fdata-sections
ALL_CFLAGS = $(CSTD) $(WARN) $(CFLAGS) $(SECTIONS) -DPACKED -MMD -MP \
	$(MNL_CFLAGS) $(KERNEL_CFLAGS)
PIE_LDFLAGS := -nostartfiles $(RCRT) -Wl,-pie,--no-dynamic-linker,-z,text \
	-Wl,--hash-style=sysv,--spare-dynamic-tags=1
LDFLAGS ?= -flto=auto -static $(if $(RCRT),$(PIE_LDFLAGS),-no-pie) \
	-Wl,--gc-sections -Wl,-z,norelro \
	-Wl,-z,noseparate-code,-z,common-page-size=16 -Wl,--build-id=none

CORE := $(sort $(wildcard core/*/*.c))
APPLETS := $(sort $(wildcard applets/*.c))
OBJ := $(CORE:%.c=build/musl/%.o) $(APPLETS:%.c=build/musl/%.o)

# The same sources with the sanitizers, for the tests.
SAN_CFLAGS = $(CSTD) $(WARN) -g -O1 -fno-omit-frame-pointer \
	-fsanitize=address,undefined -fno-sanitize-recover=all -MMD -MP \
	-I. $(MNL_CFLAGS)
SAN_CORE := $(CORE:%.c=build/san/%.o)
SAN_APPLETS := $(APPLETS:%.c=build/san/%.o)
# And for clang's libFuzzer; files and netlink sockets are the fuzzers' own.
CLANG ?= clang
FUZZ_CFLAGS = $(CSTD) -g -O1 -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=all -MMD -MP -I. $(MNL_CFLAGS)
FUZZ_LDFLAGS := -fsanitize=address,undefined -Wl,--wrap=file_read
FUZZERS := $(filter-out %/json_gen.c %/once.c,$(wildcard tests/fuzz/*.c))
FUZZ_OBJ := $(CORE:%.c=build/fuzz/%.o) $(FUZZERS:%.c=build/fuzz/%.o)
ONCE_OBJ := $(FUZZERS:%.c=build/san/%.o) build/san/tests/fuzz/once.o
UNITS := $(patsubst tests/unit/%.c,build/unit/%,$(wildcard tests/unit/test_*.c))

Q := $(if $(V),,@)
say = $(if $(V),,@echo '  $(1)	$@';)

all: fwbox

fwbox: build/musl/fwbox build/pack
	$(call say,PACK)
	$(Q)build/pack $< $@.tmp $$($(READELF) -srW build/musl/code.o \
		$(MNL_BARE) | awk -f scripts/pack/unused.awk) && \
		chmod 755 $@.tmp && mv $@.tmp $@

# With its symbols and not packed, for nm and gdb.  The linker never makes a
# distance of the address of _DYNAMIC, but of another name for it (pack.ld): so
# it is no pointer that has to be put in at the start.
build/musl/fwbox: build/musl/code.o build/musl/unpack.o $(MNL_BARE) \
		build/musl/groups.ld scripts/pack/pack.ld
	$(call say,LD)
	$(Q)$(CC) $(LDFLAGS) -Wl,--wrap=_DYNAMIC,--no-warn-rwx-segments \
		-Lbuild/musl -Wl,-T,scripts/pack/pack.ld -o $@ $(filter %.o %.a,$^)

# The whole program's code as one object, a section for each function: what
# the compiler makes of it on the way to a first program.
build/musl/code.o: $(OBJ) $(MNL_BARE)
	$(call say,LTO)
	$(Q)mkdir -p build/musl/lto && $(CC) $(CFLAGS) $(SECTIONS) $(LDFLAGS) \
		-Wl,-Map=build/musl/libs.map,--defsym=unpack=0 -save-temps \
		-o build/musl/lto/fwbox $^
	$(Q)mv build/musl/lto/*ltrans0.ltrans.o $@
	$(Q)rm -r build/musl/lto

# Unpacked by need: in turn what these applets use.
GROUPS := docker_cfg,$(strip fw_init fw_stop fw_allow fw_deny fw_reject \
	fw_limit fw_delete fw_default fw_logging),docker_chains
READELF := $(CROSS_COMPILE)readelf
build/musl/groups.ld: build/musl/code.o build/musl/unpack.o $(wildcard \
		scripts/pack/*.awk)
	$(Q)$(READELF) -sW build/musl/unpack.o $$(sed -n \
		's,^\(LOAD \)\?\(/[^ (]*/libc\.a\).*,\2,p' \
		build/musl/libs.map | head -n 1) | \
		awk -f scripts/pack/start.awk build/musl/libs.map - \
		>build/musl/start
	$(Q)$(READELF) -SrsW $< | awk -v groups='$(GROUPS)' \
		-v start="$$(tr '\n' ' ' <build/musl/start)" \
		-f scripts/pack/groups.awk >$@

PACK := scripts/pack/pack.c scripts/pack/squeeze.c
PACK_H := $(wildcard scripts/pack/*.h)
build/pack: $(PACK) $(PACK_H)
	$(Q)mkdir -p $(@D) && $(HOSTCC) $(CSTD) $(WARN) -O2 -o $@ $(PACK)

# Runs at each start.
build/musl/unpack.o: scripts/pack/unpack.c $(PACK_H) Makefile
	$(Q)mkdir -p $(@D) && $(CC) \
		$(filter-out -mgeneral-regs-only,$(ALL_CFLAGS)) -fno-lto -O2 \
		-c -o $@ $<

# Without the tables for stack unwinding that its objects carry; and that of a
# distribution with 64 bits for the time on 32-bit machines names another libc's
# recvmsg, which is musl's here.
build/musl/libmnl.a: $(MNL_LIB)
	$(Q)mkdir -p $(@D) && $(CROSS_COMPILE)objcopy -R .eh_frame \
		--redefine-sym __recvmsg64=recvmsg \
		--redefine-sym __setsockopt64=setsockopt \
		--redefine-sym __getsockopt64=getsockopt $< $@

build/musl/%.o: %.c Makefile
	$(call say,CC)
	$(Q)mkdir -p $(@D) && $(CC) $(ALL_CFLAGS) -c -o $@ $<

build/san/%.o: %.c Makefile
	$(call say,SAN)
	$(Q)mkdir -p $(@D) && $(HOSTCC) $(SAN_CFLAGS) -c -o $@ $<

# The whole program under the sanitizers.
build/san/fwbox: $(SAN_CORE) $(SAN_APPLETS)
	$(call say,LD)
	$(Q)$(HOSTCC) -fsanitize=address,undefined -o $@ $^ $(MNL_LIB)

build/fuzz/%.o: %.c Makefile
	$(call say,FUZZ)
	$(Q)mkdir -p $(@D) && $(CLANG) $(FUZZ_CFLAGS) -c -o $@ $<

build/fuzz/fuzz: $(FUZZ_OBJ)
	$(call say,LD)
	$(Q)$(CLANG) -fsanitize=fuzzer $(FUZZ_LDFLAGS) -o $@ $^ $(MNL_LIB)

# The same without libFuzzer: runs each input once.
build/san/fuzz: $(SAN_CORE) $(ONCE_OBJ)
	$(call say,LD)
	$(Q)$(HOSTCC) $(FUZZ_LDFLAGS) -o $@ $^ $(MNL_LIB)

# What the tests hold it against: as for kernels without the fib expression,
# and with the rules one by one.  Both are the same but for the files that look
# at that choice of config.h.
HOST_CFLAGS = $(CSTD) $(WARN) -g $(MNL_CFLAGS)
HOST_OBJ := $(CORE:%.c=build/host/%.o) $(APPLETS:%.c=build/host/%.o)
build/host/%.o: %.c Makefile
	$(call say,HOST)
	$(Q)mkdir -p $(@D) && $(HOSTCC) $(HOST_CFLAGS) -MMD -MP -c -o $@ $<

build/nofib/fwbox: CHOICE := HAVE_FIB
build/plain/fwbox: CHOICE := MERGE_RULES
build/nofib/fwbox build/plain/fwbox: $(HOST_OBJ)
	$(call say,LD)
	$(Q)mkdir -p $(@D) && own=$$(grep -lw $(CHOICE) $(CORE) $(APPLETS)) && \
		for c in $$own; do skip="$$skip build/host/$${c%.c}.o"; done && \
		$(HOSTCC) $(HOST_CFLAGS) -D$(CHOICE)=0 -o $@ $$own \
		$$(printf '%s\n' $^ | grep -vxF "$$(printf '%s\n' $$skip)") \
		$(MNL_LIB)

build/unit/%: tests/unit/%.c $(SAN_CORE)
	$(call say,UNIT)
	$(Q)mkdir -p $(@D) && $(HOSTCC) $(SAN_CFLAGS) -o $@ $< $(SAN_CORE) \
		$(MNL_LIB)

units: $(UNITS)

unit: units
	$(Q)prove -e '' $(UNITS)

check:
	$(Q)./scripts/test.sh

size: fwbox
	@printf 'fwbox: %d bytes of %d\n' $$(stat -c %s fwbox) $(SIZE_CEILING)

bench: fwbox
	$(Q)./scripts/bench.sh $(BENCH)

install: fwbox
	install -D -m 755 fwbox $(DESTDIR)$(PREFIX)/sbin/fwbox
	for a in $$(./fwbox --list) $(if $(UFW),ufw); do \
		ln -sf fwbox $(DESTDIR)$(PREFIX)/sbin/$$a || exit 1; \
	done
	./scripts/man/install.sh $(DESTDIR)$(PREFIX)/share \
		$$(./fwbox --list) $(if $(UFW),ufw)

# User-data with the binary in it.
build/cloud-init/%.yaml: scripts/cloud-init/%.yaml.in fwbox
	$(Q)mkdir -p $(@D) && ./scripts/cloud-init/user-data.sh $< fwbox >$@

cloud-init: build/cloud-init/bootcmd.yaml build/cloud-init/write-files.yaml

dist: fwbox cloud-init
	$(Q)CC="$(CC)" ./scripts/dist.sh $(VERSION)

clean:
	rm -rf fwbox fwbox.tmp build/musl build/pack build/san build/fuzz \
		build/unit build/host build/nofib build/plain

.PHONY: all units unit check size bench install cloud-init dist clean
.SECONDARY:
-include $(OBJ:.o=.d) $(HOST_OBJ:.o=.d) $(SAN_CORE:.o=.d) \
	$(SAN_APPLETS:.o=.d) $(FUZZ_OBJ:.o=.d) $(ONCE_OBJ:.o=.d) $(UNITS:=.d)
