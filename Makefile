# make            programs in build/            make demo    see it work (installs what is missing)
# make test       every test (the same)         make bench   CPU per event against three baselines
# make sigma      the Sigma rules on a world, in pySigma      make realism  real records against the profile, marginals
# make install    PREFIX= DESTDIR=              make layers  who may include what
# make clean      make deps                     make format-check
# make interop    other people's parsers on the suite: corpus/RESULTS.md
# make fuzz       harnesses for libFuzzer       make afl      the same for AFL++
# make mutator    for both engines              make bugbench what it is worth, RUNS= SECONDS_EACH=
# make bench-dataset   CPU and speed of each format     make bench-backfill   thirty days of 1,000 hosts
# make dataset-check   a dataset read by DuckDB, pyarrow, pandas, datasets, mlcroissant   make dataset-baseline
#
# A flavour is a directory under build/: CC=clang, SAN=1 (ASan and UBSan), TSAN=1; WERROR=1 is for CI.
# Sources are found by wildcard: a new file needs no edit here.
MAKEFLAGS += --no-builtin-rules --no-print-directory
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

PREFIX ?= /usr/local
DESTDIR ?=
BINDIR = $(PREFIX)/bin
LIBDIR = $(PREFIX)/lib
INCLUDEDIR = $(PREFIX)/include
MANDIR = $(PREFIX)/share/man
SHAREDIR = $(PREFIX)/share/wevgen

VERSION := $(shell sed -n 's/^.define WEV_VERSION "\(.*\)"/\1/p' schema/wev.h)

# ---- flavour
ifeq ($(origin CC),default)
CC := $(notdir $(firstword $(shell command -v gcc || command -v clang || command -v cc) cc))
plain := yes
endif
empty :=
space := $(empty) $(empty)
flavour := $(subst $(space),-,$(strip \
    $(if $(FUZZ),$(FUZZ),$(if $(plain),,$(if $(findstring clang,$(CC)),clang))) $(if $(SAN),san) $(if $(TSAN),tsan) \
    $(if $(MXML_SRC),$(notdir $(filter-out build/mxml/src,$(MXML_SRC))))))
B := build$(if $(flavour),/$(flavour))
O := $(B)/obj

CFLAGS ?= -O2 -g
warnings := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes \
    -Wmissing-prototypes -Wold-style-definition -Wcast-qual -Wpointer-arith -Wwrite-strings -Wundef \
    -Wformat=2 -Wno-format-nonliteral -Wvla $(if $(WERROR),-Werror)
comma := ,
asan := -fsanitize=address$(comma)undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
sanitize := $(if $(SAN),$(asan)) $(if $(TSAN),-fsanitize=thread) $(if $(filter libfuzzer,$(FUZZ)),-fsanitize=fuzzer-no-link $(asan))

# ---- libraries: pkg-config where it knows them, plain -l elsewhere
has = $(shell pkg-config --exists $(1) 2>/dev/null && echo $(1))
mxml_pc := $(firstword $(call has,mxml) $(call has,mxml4))
pcs := $(mxml_pc) $(call has,libxxhash) $(call has,expat)
pcs := $(strip $(pcs))
bare_libs := $(if $(mxml_pc),,-lmxml) $(if $(filter expat,$(pcs)),,-lexpat) $(if $(filter libxxhash,$(pcs)),,-lxxhash)
pc_cflags := $(if $(pcs),$(shell pkg-config --cflags $(pcs)))
pc_libs := $(if $(pcs),$(shell pkg-config --libs $(pcs)))
# wevcorpus alone: libwev.a's users do not need it
corpus_libs := $(if $(call has,jansson),$(shell pkg-config --libs jansson),-ljansson) $(if $(call has,zlib),$(shell pkg-config --libs zlib),-lz)
# the outside witness of tests, and a target of harnesses where it is there; its archive would bring too many others along
libxml2 := $(if $(STATIC),,$(call has,libxml-2.0))
cmocka := $(call has,cmocka) $(libxml2)
cmocka_cflags := $(if $(strip $(cmocka)),$(shell pkg-config --cflags $(cmocka)))
cmocka_libs := $(if $(strip $(cmocka)),$(shell pkg-config --libs $(cmocka)),-lcmocka) $(corpus_libs)

compile = $(CC) -std=c11 -D_GNU_SOURCE -I. $(warnings) $(CFLAGS) $(sanitize) $(CPPFLAGS) -pthread $(pc_cflags)
LIBS = $(pc_libs) $(bare_libs) -lpthread

# ---- sources
embedded := $(sort $(wildcard schema/*.man schema/*/*.man schema/*.profile.xml schema/*/*.profile.xml schema/scenarios/*.xml schema/pools/*.tsv))
mains := gen/main.c corpus/main.c
lib_src := $(filter-out $(mains),$(wildcard schema/*.c gen/*.c gen/*/*.c corpus/*.c))
test_src := $(wildcard tests/test_*.c)
support_src := $(filter-out $(test_src) tests/example.c,$(wildcard tests/*.c))
lib_obj := $(lib_src:%.c=$(O)/%.o) $(O)/builtin_files.o $(O)/report_page.o $(O)/parquet_script.o
support_obj := $(support_src:%.c=$(O)/%.o)
programs := $(if $(wildcard gen/main.c),$(B)/wevgen) $(if $(wildcard corpus/main.c),$(B)/wevcorpus) $(if $(wildcard fuzz/main.c),$(B)/wevfuzz)
tests := $(test_src:tests/%.c=$(B)/tests/%)
example := $(if $(wildcard tests/example.c),$(B)/tests/example)
include fuzz/fuzz.mk

.PHONY: all demo test interop dataset-check dataset-baseline bench-dataset bench-backfill run-demo run-test run-interop test-programs bench sigma realism \
    layers install clean deps format-check FORCE
.SECONDARY:

all: $(programs)

deps:
	@.ci/setup build test

# Setup comes before the libraries are looked up, hence the second make.
jobs = $(if $(findstring j,$(firstword -$(MAKEFLAGS)))$(findstring jobserver,$(MAKEFLAGS)),,-j$(shell nproc 2>/dev/null || echo 2))
demo:
	@.ci/setup build demo
	@if .ci/setup fuzz; then $(MAKE) mxml-source; fi
	@$(MAKE) $(jobs) run-demo
test:
	@.ci/setup build test
	@$(MAKE) $(jobs) run-test

run-demo: $(programs) $(if $(shell NO_APT=1 .ci/setup fuzz >/dev/null 2>&1 && echo yes),build/demo/mxml-harness)
	@WEVGEN=$(B)/wevgen WEVCORPUS=$(B)/wevcorpus WEVFUZZ=$(B)/wevfuzz sh tests/demo.sh

test-programs: $(tests) $(example)

run-test: $(programs) test-programs $(replays) $(B)/libwevfuzz.a
	@B='$(B)' CC='$(CC)' WEV='$(wev_link)' EXAMPLE_CC='$(strip $(CC) $(sanitize))' MAKE='$(MAKE)' SAN='$(SAN)' TSAN='$(TSAN)' \
	    sh tests/run.sh

bench:
	@.ci/setup build bench
	@$(MAKE) $(B)/wevgen
	@B='$(B)' CC='$(CC)' CFLAGS='$(CFLAGS)' WEVGEN=$(B)/wevgen sh tests/bench/bench.sh

# A program of its own on our targets.
wev_link = $(abspath $(B))/libwevfuzz.a $(abspath $(B))/libwev.a $(LIBS) $(fuzz_libs)

# Other people's parsers on the suite; their setup is theirs (tests/interop/parsers.tsv).
interop:
	@.ci/setup build test
	@$(MAKE) $(jobs) run-interop
run-interop: $(programs) $(B)/libwevfuzz.a $(mutators) $(B)/event.dict
	@status=0; CC='$(CC)' WEVCORPUS='$(abspath $(B))/wevcorpus' WEV='$(wev_link)' sh tests/interop/interop.sh || status=$$?; \
	[ -n '$(PARSERS)' ] || WEVGEN='$(abspath $(B))/wevgen' LIB='$(abspath $(B))' sh tests/interop/engines.sh || status=1; exit $$status

# pySigma, in an environment of its own under build/: nothing of it is installed elsewhere.
build/sigma/.ready: tests/sigma/requirements.txt
	@.ci/setup sigma
	@rm -rf build/sigma && python3 -m venv build/sigma
	$(call say,PIP )build/sigma/bin/pip install -q --disable-pip-version-check -r $<
	@touch $@
sigma: build/sigma/.ready
	@.ci/setup build
	@$(MAKE) $(programs)
	@WEVGEN=$(B)/wevgen WEVCORPUS=$(B)/wevcorpus sh tests/sigma/sigma.sh

# PLOT= says where its picture goes.
realism:
	@.ci/setup build realism
	@$(MAKE) $(programs)
	@WEVGEN=$(B)/wevgen WEVCORPUS=$(B)/wevcorpus PLOT='$(or $(PLOT),build/realism.svg)' sh tests/realism/realism.sh
# Readers of datasets, and what learns from them: large, so in a folder of their own, and not part of make test.
dataset_venv := build/dataset-venv
dataset_packages := duckdb pyarrow pandas datasets mlcroissant pyyaml scikit-learn
DATASET ?= build/dataset
$(dataset_venv)/.ready:
	@python3 -m venv $(dataset_venv) && $(dataset_venv)/bin/pip install -q $(dataset_packages) && touch $@

dataset-check:
	@.ci/setup build dataset
	@$(MAKE) $(B)/wevgen $(dataset_venv)/.ready
	@rm -rf build/dataset-check
	@$(B)/wevgen dataset build/dataset-check -n 80000 -s 5 -j 2 --world --attack-rate 5% --malformed 10% \
	    --formats jsonl,csv,parquet --python $(dataset_venv)/bin/python
	@$(dataset_venv)/bin/python tests/interop/dataset.py build/dataset-check build/dataset-cache

# DATASET: a folder that wevgen dataset made, with JSON Lines; one is made when it is not there.
dataset-baseline:
	@.ci/setup build dataset
	@$(MAKE) $(B)/wevgen $(dataset_venv)/.ready
	@[ -e '$(DATASET)' ] || $(B)/wevgen dataset '$(DATASET)' -n 20000 -s 5 --world --attack-rate 3% --malformed 5%
	@$(dataset_venv)/bin/python tests/bench/baseline.py '$(DATASET)'

bench-dataset:
	@.ci/setup build bench dataset
	@$(MAKE) $(B)/wevgen $(dataset_venv)/.ready
	@B='$(B)' CC='$(CC)' CFLAGS='$(CFLAGS)' WEVGEN=$(B)/wevgen PYTHON='$(abspath $(dataset_venv))/bin/python' sh tests/bench/dataset.sh
bench-backfill:
	@.ci/setup build
	@$(MAKE) $(B)/wevgen
	@B='$(B)' CC='$(CC)' CFLAGS='$(CFLAGS)' WEVGEN=$(B)/wevgen sh tests/bench/backfill.sh

layers:
	@sh tests/layers.sh

# ---- rules
# Commands are shown by name; V=1 shows them whole.
say = $(if $(V),,@echo '  $(1) $@';)
# Without its tools make says which are missing; it installs nothing unless asked by demo, test or deps.
$(O)/.probed:
	@NO_APT=1 .ci/setup build
	@mkdir -p $(O) && touch $@

# Rewritten when the compiler or a flag changes, so that one flavour is never built of two.
$(O)/flags: FORCE | $(O)/.probed
	@echo '$(compile) $(LIBS)' >$@.new; \
	    if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$(O)/%.o: %.c $(O)/flags
	@mkdir -p $(@D)
	$(call say,CC  )$(compile) $(if $(filter tests/%,$<),$(cmocka_cflags)) -MMD -MP -c -o $@ $<

# The two loops that run per event choose among many kinds: processors predict comparisons better there than one jump.
$(O)/gen/values.o $(O)/gen/out.o: compile += -fno-jump-tables

# One file for wider registers; the program asks the processor before it calls it.
ifneq ($(filter x86_64%,$(shell $(CC) -dumpmachine 2>/dev/null)),)
$(O)/gen/hash_avx2.o: compile += -mavx2
endif

$(O)/builtin_files.c: FORCE | $(O)/.probed
	@sh schema/embed.sh $(embedded) >$@.new; \
	    if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
# A file as a text inside the program.
as_text = @{ echo 'extern const char $(1)[]; const char $(1)[] = {'; \
    od -An -v -tu1 $< | sed 's/\([0-9][0-9]*\)/(char)\1,/g'; echo '0};'; } >$@
$(O)/report_page.c: corpus/report.html | $(O)/.probed
	$(call as_text,wev_report_page)
$(O)/parquet_script.c: gen/dataset/parquet.py | $(O)/.probed
	$(call as_text,wev_parquet_script)
$(O)/%.o: $(O)/%.c $(O)/flags
	$(call say,CC  )$(compile) -MMD -MP -c -o $@ $<
$(O)/builtin_files.o: $(O)/builtin_files.c $(O)/flags $(embedded)
	$(call say,CC  )$(compile) -MMD -MP -c -o $@ $<

# Deleted first: ar would keep the members of sources that are gone.
$(B)/libwev.a: $(lib_obj)
	@rm -f $@
	$(call say,AR  )ar rcs $@ $^

$(B)/wevgen: $(O)/gen/main.o $(B)/libwev.a
	$(call say,LINK)$(compile) $(LDFLAGS) -o $@ $^ $(LIBS)
$(B)/wevcorpus: $(O)/corpus/main.o $(B)/libwev.a
	$(call say,LINK)$(compile) $(LDFLAGS) -o $@ $^ $(LIBS) $(corpus_libs) -ldl
$(B)/tests/test_%: $(O)/tests/test_%.o $(support_obj) $(B)/libwevfuzz.a $(B)/libwev.a
	@mkdir -p $(@D)
	$(call say,LINK)$(compile) $(LDFLAGS) -o $@ $^ $(LIBS) $(cmocka_libs)

# The example sees wev.h alone, as a stranger's program does.
$(B)/tests/example: tests/example.c schema/wev.h $(B)/libwev.a $(O)/flags
	@mkdir -p $(@D) $(B)/include && cp schema/wev.h $(B)/include/
	$(call say,LINK)$(filter-out -I.,$(compile)) -I$(B)/include $(LDFLAGS) -o $@ tests/example.c $(B)/libwev.a $(LIBS)

-include $(wildcard $(O)/*.d $(O)/*/*.d $(O)/*/*/*.d)


# ---- install
$(B)/wev.pc: gen/wev.pc.in schema/wev.h FORCE | $(O)/.probed
	@sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' -e 's|@REQUIRES@|$(pcs)|' \
	    -e 's|@LIBS@|$(strip $(bare_libs))|' gen/wev.pc.in >$@

install: $(programs) $(B)/libwev.a $(B)/wev.pc
	install -d $(addprefix $(DESTDIR),$(BINDIR) $(LIBDIR)/pkgconfig $(INCLUDEDIR) $(MANDIR)/man1 $(SHAREDIR))
	install -m 755 $(programs) $(DESTDIR)$(BINDIR)
	install -m 644 gen/wevgen.1 corpus/wevcorpus.1 $(DESTDIR)$(MANDIR)/man1
	install -m 644 $(B)/libwev.a $(DESTDIR)$(LIBDIR)
	install -m 644 schema/wev.h $(DESTDIR)$(INCLUDEDIR)
	install -m 644 $(B)/wev.pc $(DESTDIR)$(LIBDIR)/pkgconfig
	@for f in $(embedded) $(wildcard schema/event.xsd schema/README.md); do \
	    install -D -m 644 "$$f" "$(DESTDIR)$(SHAREDIR)/$${f#schema/}" || exit 1; done

	@for f in $(wildcard schema/sigma/*.yml schema/sigma/*/*.yml); do \
	    install -D -m 644 "$$f" "$(DESTDIR)$(SHAREDIR)/$${f#schema/}" || exit 1; done
	install -d $(DESTDIR)$(SHAREDIR)/seeds
	install -m 644 $(wildcard corpus/seeds/*.xml corpus/seeds/*.man) corpus/seeds/index.jsonl $(DESTDIR)$(SHAREDIR)/seeds

clean:
	rm -rf build

format-check:
	@command -v clang-format >/dev/null || { echo 'format-check: clang-format is not installed'; exit 2; }
	@clang-format --dry-run -Werror $(wildcard schema/*.[ch] gen/*.[ch] gen/*/*.[ch] corpus/*.[ch] fuzz/*.[ch] tests/*.[ch])
