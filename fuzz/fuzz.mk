# Harnesses (fuzz/fuzz_*.c) in three builds of one source, included by the Makefile:
#   $(B)/fuzz/NAME             replay, no engine, the flavour's own compiler and flags
#   build/libfuzzer/fuzz/NAME  libFuzzer, ASan and UBSan (clang)              make fuzz
#   build/afl/fuzz/NAME        AFL++, persistent, shared memory; SAN=1: ASan  make afl
# FUZZ=libfuzzer|afl|engine is the inner make's: a flavour of its own. MXML_SRC is a Mini-XML source tree to build with
# coverage and sanitizers; without one the system's library is linked, and the run says so.
mutator_shims := fuzz/mutator_libfuzzer.c fuzz/mutator_afl.c
fuzz_names := $(sort $(patsubst fuzz/fuzz_%.c,%,$(wildcard fuzz/fuzz_*.c)))
fuzz_apart := fuzz/main.c fuzz/replay.c fuzz/afl.c fuzz/call_so.c $(mutator_shims) $(wildcard fuzz/fuzz_*.c fuzz/cmd_*.c) \
    $(if $(libxml2),,fuzz/target_libxml2.c)
fuzz_obj := $(patsubst %.c,$(O)/%.o,$(filter-out $(fuzz_apart),$(wildcard fuzz/*.c)))
fuzz_libs := $(if $(libxml2),$(shell pkg-config --libs libxml-2.0)) $(corpus_libs)
replays := $(fuzz_names:%=$(B)/fuzz/%)
MXML_SRC ?= build/mxml/src

.PHONY: fuzz afl fuzz-harnesses fuzz-seeds mxml-source

$(B)/libwevfuzz.a: $(fuzz_obj)
	@rm -f $@
	$(call say,AR  )ar rcs $@ $^

$(O)/fuzz/target_libxml2.o: CPPFLAGS += $(shell pkg-config --cflags libxml-2.0)
$(O)/fuzz/target_mxml.o: CPPFLAGS += $(if $(FUZZ),$(if $(wildcard $(MXML_SRC)/mxml.h),,-DWEV_GUARD_PAGES))
$(O)/fuzz/targets.o: CPPFLAGS += $(if $(libxml2),-DWEV_LIBXML2)

harness_libs := $(B)/libwevfuzz.a $(B)/libwev.a
$(B)/fuzz/%: $(O)/fuzz/fuzz_%.o $(O)/fuzz/replay.o $(harness_libs)
	@mkdir -p $(@D)
	$(call say,LINK)$(compile) $(LDFLAGS) -o $@ $^ $(LIBS) $(fuzz_libs)

# The campaign driver.
driver_obj := $(O)/fuzz/main.o $(patsubst %.c,$(O)/%.o,$(wildcard fuzz/cmd_*.c))
$(B)/wevfuzz: $(driver_obj) $(harness_libs)
	$(call say,LINK)$(compile) $(LDFLAGS) -o $@ $^ $(LIBS) $(fuzz_libs) -lm -ldl

# ---- engines
ifdef FUZZ
own_mxml := $(if $(wildcard $(MXML_SRC)/mxml.h),$(B)/mxml/libmxml.a)
engine_main := $(if $(filter afl,$(FUZZ)),$(O)/fuzz/afl.o)
engine_link := $(if $(filter libfuzzer,$(FUZZ)),-fsanitize=fuzzer) $(if $(filter engine,$(FUZZ)),$(LIB_FUZZING_ENGINE))
# somebody else's engine may be C++
engine_ld := $(if $(filter engine,$(FUZZ)),$(CXX) $(CFLAGS) -pthread,$(compile))
harnesses := $(replays)
# What eats events is mutated as events.
mutated := $(if $(filter libfuzzer,$(FUZZ)),decode diff mxml mxml_strict)
ifneq ($(own_mxml),)
compile += -isystem $(MXML_SRC)
LIBS := $(own_mxml) $(filter-out -lmxml -lmxml4,$(LIBS))
endif
# STATIC=1: libraries from archives, where the machine has them
archive = $(if $(filter /%,$(shell $(CC) -print-file-name=lib$(1).a)),-l:lib$(1).a,-l$(1))
ifdef STATIC
LIBS := $(foreach l,$(LIBS),$(if $(filter -lpthread,$(l)),$(l),$(patsubst -l%,$(call archive,$(l:-l%=%)),$(l))))
fuzz_libs := $(foreach l,$(fuzz_libs),$(patsubst -l%,$(call archive,$(l:-l%=%)),$(l)))
endif

# Its own build, with our compiler and flags; the macros of AFL++ are not for our warnings.
$(B)/mxml/libmxml.a: $(wildcard $(MXML_SRC)/*.[ch]) $(O)/flags
	@rm -rf $(B)/mxml && mkdir -p $(B)/mxml && cp -R $(MXML_SRC)/. $(B)/mxml
	$(call say,MXML)cd $(B)/mxml && { ./configure -q --disable-shared CC='$(CC)' CFLAGS='$(CFLAGS) $(sanitize)' && \
	    $(MAKE) $$(sed -n 's/^LIBMXML[[:space:]]*=[[:space:]]*//p' Makefile); } >build.log 2>&1 || { tail -n 20 build.log; exit 1; }
	@[ -f $@ ] || cp $(B)/mxml/libmxml4.a $@
$(O)/fuzz/afl.o: warnings := -Wall

# programs link it too, and at -j came before it
$(B)/wevgen $(B)/wevcorpus $(B)/wevfuzz: | $(own_mxml)

$(harnesses): $(B)/fuzz/%: $(O)/fuzz/fuzz_%.o $(engine_main) $(harness_libs) $(own_mxml)
	@mkdir -p $(@D)
	$(call say,LINK)$(engine_ld) $(LDFLAGS) -o $@ $(filter-out $(own_mxml),$^) $(LIBS) $(fuzz_libs) $(engine_link)
$(mutated:%=$(B)/fuzz/%): $(wildcard build/libwevmutator.a)
# For shared objects: what it loads must find our sanitizers' and coverage's functions.
$(B)/fuzz/call: $(O)/fuzz/call_so.o $(engine_main) $(harness_libs) $(own_mxml) $(if $(filter libfuzzer,$(FUZZ)),$(wildcard build/libwevmutator.a))
	@mkdir -p $(@D)
	$(call say,LINK)$(engine_ld) -rdynamic $(LDFLAGS) -o $@ $(filter-out $(own_mxml),$^) $(LIBS) $(fuzz_libs) $(engine_link) -ldl
fuzz-harnesses: $(harnesses) $(if $(filter engine,$(FUZZ)),,$(B)/fuzz/call)
	@$(if $(own_mxml),,echo 'fuzz: Mini-XML is the system library: not instrumented, so what happens inside it is seen in part')
endif

# ---- the demo's: Mini-XML and the harness alone carry coverage and ASan, so that it is built in seconds. Without a source of
# Mini-XML guard pages take ASan's place: the system's library is not instrumented.
demo_mxml := build/demo/mxml
demo_src := fuzz/fuzz_mxml.c fuzz/law.c fuzz/env.c fuzz/fields.c fuzz/targets.c fuzz/target_reference.c fuzz/target_mxml.c
demo_flags := -std=c11 -D_GNU_SOURCE -I. -O1 -g -w -fsanitize=fuzzer-no-link,address
build/demo/mxml-harness: $(demo_src) $(B)/libwev.a fuzz/fuzz.mk $(wildcard $(MXML_SRC)/mxml-*.c)
	@mkdir -p build/demo; if [ -f $(MXML_SRC)/mxml.h ]; then \
	    rm -rf $(demo_mxml) && cp -R $(MXML_SRC) $(demo_mxml) && cd $(demo_mxml) && \
	    { ./configure -q --disable-shared CC=clang && $(MAKE) OPTIM='-O1 -g -fsanitize=fuzzer-no-link,address' \
	        $$(sed -n 's/^LIBMXML[[:space:]]*=[[:space:]]*//p' Makefile); } >build.log 2>&1; fi
	$(call say,LINK)clang $(demo_flags) -fsanitize=fuzzer $(pc_cflags) $(if $(wildcard $(MXML_SRC)/mxml.h),-isystem $(MXML_SRC),-DWEV_GUARD_PAGES) \
	    -o $@ $(demo_src) $(B)/libwev.a $(if $(wildcard $(MXML_SRC)/mxml.h),$(demo_mxml)/libmxml*.a) $(LIBS)

# ---- what a user asks for
# Mini-XML as the machine's own distribution has it, where its source can be had; never vendored, never installed.
mxml-source:
	@[ -f $(MXML_SRC)/mxml.h ] || sh fuzz/mxml-source.sh $(MXML_SRC)

fuzz:
	@.ci/setup build fuzz
	@$(MAKE) mxml-source
	@$(MAKE) $(jobs) mutator
	@$(MAKE) $(jobs) FUZZ=libfuzzer CC=clang fuzz-harnesses
afl:
	@.ci/setup build afl
	@$(MAKE) mxml-source
	@$(MAKE) $(jobs) mutator
	@$(MAKE) $(jobs) FUZZ=afl CC=afl-clang-fast fuzz-harnesses

# ---- the mutator, for engines: never instrumented, whatever the target is; nothing of it is seen but the interface
mutator_src := $(wildcard fuzz/mutator*.c) fuzz/env.c $(filter-out schema/decode% schema/rules.c schema/support.c,$(wildcard schema/*.c)) \
    $(filter-out $(addprefix gen/,main.c run.c sink.c label.c dict.c),$(wildcard gen/*.c gen/form/*.c gen/break/*.c))
mutator_obj := $(patsubst %.c,$(B)/mutator/%.o,$(filter-out $(mutator_shims),$(mutator_src))) $(B)/mutator/builtin_files.o
mutators := $(B)/libwevmutator.a $(B)/wevmutator.so
mutator_compile = $(filter-out -fsanitize% -fno-sanitize%,$(compile)) -fPIC
# The static library brings expat along, which reads the schema, where the machine has it static: one thing less to link.
static_expat = $(wildcard $(shell $(CC) -print-file-name=libexpat.a))
keep_symbols = objcopy --wildcard --keep-global-symbol='$(1)' $@.o

$(B)/mutator/%.o: %.c $(O)/flags
	@mkdir -p $(@D)
	$(call say,CC  )$(mutator_compile) -MMD -MP -c -o $@ $<
$(B)/mutator/builtin_files.o: $(O)/builtin_files.c $(O)/flags $(embedded)
	@mkdir -p $(@D)
	$(call say,CC  )$(mutator_compile) -c -o $@ $<
# libFuzzer refers to the mutator weakly, which pulls no member out of an archive: under its name the library is one object.
$(B)/libwevmutator.a: $(mutator_obj) $(B)/mutator/fuzz/mutator_libfuzzer.o fuzz/fuzz.mk
	$(call say,LINK)$(CC) -r -nostdlib -o $@.o $(filter %.o,$^) $(static_expat) && $(call keep_symbols,LLVMFuzzerCustom*) && mv $@.o $@
$(B)/wevmutator.so: $(mutator_obj) $(B)/mutator/fuzz/mutator_afl.o fuzz/fuzz.mk
	$(call say,LINK)$(CC) -r -nostdlib -o $@.o $(filter %.o,$^) && $(call keep_symbols,afl_custom_*) && \
	    $(CC) -shared -Wl,-z,defs -o $@ $@.o $(LDFLAGS) $(LIBS) -lm && rm $@.o
-include $(wildcard $(B)/mutator/*/*.d $(B)/mutator/*/*/*.d)

$(B)/event.dict: $(B)/wevgen
	$(call say,DICT)$(B)/wevgen --list dict >$@.new && mv $@.new $@

# One build serves every flavour.
.PHONY: mutator install-mutator
ifeq ($(B),build)
mutator: $(mutators) $(B)/event.dict
else
mutator:
	@env -u CC -u SAN -u TSAN -u FUZZ -u MAKEFLAGS -u MFLAGS $(MAKE) $(jobs) mutator
endif
install: install-mutator
install-mutator: mutator
	install -d $(DESTDIR)$(LIBDIR) $(DESTDIR)$(SHAREDIR) $(DESTDIR)$(MANDIR)/man7
	install -m 644 fuzz/wevmutator.7 $(DESTDIR)$(MANDIR)/man7
	install -m 644 build/libwevmutator.a $(DESTDIR)$(LIBDIR)
	install -m 755 build/wevmutator.so $(DESTDIR)$(LIBDIR)
	install -m 644 build/event.dict $(DESTDIR)$(SHAREDIR)

$(B)/tests/test_mutator_engines: $(mutator_shims:%.c=$(O)/%.o)
$(B)/tests/test_mutator $(B)/tests/test_mutator_typed $(B)/tests/test_mutator_engines: $(B)/libwevfuzz.a
$(B)/tests/test_mutator $(B)/tests/test_mutator_typed $(B)/tests/test_mutator_engines: LIBS := $(B)/libwevfuzz.a $(B)/libwev.a $(LIBS) $(fuzz_libs)

# ---- what the mutator is worth, on planted bugs; RUNS= SECONDS_EACH= JOBS= SETUPS= RESUME=, see tests/bench/bugbench.sh
bugs := $(wildcard tests/bench/bugs/*.c)
$(B)/bugbench/bugbench: $(patsubst %.c,$(O)/%.o,$(filter-out %/canary.c,$(bugs))) $(B)/libwev.a
	@mkdir -p $(@D)
	$(call say,LINK)$(compile) $(LDFLAGS) -o $@ $^ -lm
-include $(wildcard $(O)/tests/bench/bugs/*.d)
.PHONY: bugbench run-bugbench
bugbench:
	@.ci/setup build fuzz afl
	@$(MAKE) $(jobs) run-bugbench
run-bugbench: mutator $(B)/bugbench/bugbench
	@B='$(B)' RUNS='$(RUNS)' SECONDS_EACH='$(SECONDS_EACH)' JOBS='$(JOBS)' SETUPS='$(SETUPS)' RESUME='$(RESUME)' sh tests/bench/bugbench.sh
run-test: mutator $(B)/bugbench/bugbench

$(B)/tests/test_crash: $(B)/libwevfuzz.a
$(B)/tests/test_crash: LIBS := $(B)/libwevfuzz.a $(B)/libwev.a $(LIBS) $(fuzz_libs)

# The harnesses that were built, where wevfuzz looks for them.
.PHONY: install-fuzz
install: install-fuzz
install-fuzz: $(replays)
	install -d $(DESTDIR)$(PREFIX)/libexec/wevgen/replay $(DESTDIR)$(MANDIR)/man1
	install -m 755 $(replays) $(DESTDIR)$(PREFIX)/libexec/wevgen/replay
	install -m 644 fuzz/wevfuzz.1 $(DESTDIR)$(MANDIR)/man1
	@for e in libfuzzer afl; do \
	    [ -d build/$$e/fuzz ] || continue; \
	    install -d $(DESTDIR)$(PREFIX)/libexec/wevgen/$$e && install -m 755 build/$$e/fuzz/* $(DESTDIR)$(PREFIX)/libexec/wevgen/$$e || exit 1; done
