// cargo fuzz run event -- -dict=event.dict, with our mutator behind it: build.rs links libwevmutator.a, whose
// LLVMFuzzerCustomMutator libFuzzer calls by its name.
#![no_main]
use libfuzzer_sys::fuzz_target;

// Stands for your parser: it takes what is between the tags for a number.
fn parse(data: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(data).ok()?;
    let (_, rest) = text.split_once("<EventRecordID>")?;
    let (record, _) = rest.split_once('<')?;
    Some(record.parse().expect("a record id"))
}

fuzz_target!(|data: &[u8]| {
    parse(data); // a panic is a find
});
