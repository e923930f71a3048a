//! quick-xml's reader by its defaults, as its manual reads: names of end tags are checked, the rest is the caller's.
use interop::{main_of, Outcome, Values};
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

fn open(values: &mut Values, tag: &BytesStart) -> Result<(), Box<dyn std::error::Error>> {
    let mut attributes = Vec::new();
    for a in tag.attributes() {
        let a = a?;
        let value = a.normalized_value(XmlVersion::Implicit1_0)?;
        attributes.push((a.key.local_name().as_ref().to_string(), value.into_owned()));
    }
    values.start(tag.local_name().as_ref(), &attributes);
    Ok(())
}

fn read(document: &[u8]) -> Outcome {
    let (mut reader, mut values, mut buffer) = (Reader::from_reader(document), Values::default(), Vec::new());
    loop {
        match reader.read_event_into(&mut buffer)? {
            Event::Eof => return Ok(values),
            Event::Start(tag) => open(&mut values, &tag)?,
            Event::Empty(tag) => {
                open(&mut values, &tag)?;
                values.end();
            }
            Event::End(_) => values.end(),
            Event::Text(text) => values.text(&text.xml10_content()),
            Event::CData(text) => values.text(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                if let Some(c) = reference.resolve_char_ref()? {
                    values.text(&c.to_string());
                } else {
                    values.text(quick_xml::escape::resolve_predefined_entity(&reference).ok_or("unknown entity")?);
                }
            }
            _ => {}
        }
        buffer.clear();
    }
}

fn main() -> std::io::Result<()> {
    main_of(read)
}
