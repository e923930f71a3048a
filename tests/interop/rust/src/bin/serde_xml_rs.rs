//! serde-xml-rs into structs.
use interop::{event, main_of, Outcome};

fn read(document: &[u8]) -> Outcome {
    event::values(serde_xml_rs::from_reader(document)?)
}

fn main() -> std::io::Result<()> {
    main_of(read)
}
