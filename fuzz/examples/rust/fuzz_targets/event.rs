// cargo fuzz run event -- -dict=event.dict, with our mutator behind fuzz_mutator!: build.rs links libwevmutator.a, whose
// LLVMFuzzerCustomMutator libFuzzer calls by its name. Your parser goes where from_utf8 stands.
#![no_main]
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = std::str::from_utf8(data);
});
