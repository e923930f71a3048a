//! xml (xml-rs) by its defaults.
use interop::{main_of, Outcome, Values};
use xml::reader::{EventReader, XmlEvent};

fn read(document: &[u8]) -> Outcome {
    let mut values = Values::default();
    for event in EventReader::new(document) {
        match event? {
            XmlEvent::StartElement { name, attributes, .. } => {
                let attributes: Vec<_> = attributes.into_iter().map(|a| (a.name.local_name.to_string(), a.value.to_string())).collect();
                values.start(&name.local_name, &attributes);
            }
            XmlEvent::EndElement { .. } => values.end(),
            XmlEvent::Characters(text) | XmlEvent::CData(text) | XmlEvent::Whitespace(text) => values.text(&text),
            _ => {}
        }
    }
    Ok(values)
}

fn main() -> std::io::Result<()> {
    main_of(read)
}
