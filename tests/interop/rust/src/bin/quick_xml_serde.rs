//! quick-xml into structs.
use interop::{event, main_of, utf8, Outcome};

fn read(document: &[u8]) -> Outcome {
    event::values(quick_xml::de::from_str(utf8(document)?)?)
}

fn main() -> std::io::Result<()> {
    main_of(read)
}
