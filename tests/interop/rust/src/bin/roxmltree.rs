//! roxmltree by its defaults (no DTD), with text(), which is the first piece of text.
use interop::{main_of, utf8, Outcome, Values};

fn read(document: &[u8]) -> Outcome {
    let doc = roxmltree::Document::parse(utf8(document)?)?;
    let mut values = Values::default();
    for part in doc.root_element().children() {
        for e in part.children().filter(|e| e.is_element()) {
            let (name, text) = (e.tag_name().name(), e.text().unwrap_or(""));
            match part.tag_name().name() {
                "System" => {
                    for a in e.attributes() {
                        values.attribute(name, a.name(), a.value());
                    }
                    values.system(name, text);
                }
                "EventData" if name == "Data" => values.data(e.attribute("Name"), text),
                _ => {}
            }
        }
    }
    Ok(values)
}

fn main() -> std::io::Result<()> {
    main_of(read)
}
