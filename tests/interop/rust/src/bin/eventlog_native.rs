//! windows-eventlog-native, a published reader of Windows events: its own function.
use interop::{main_of, utf8, Outcome, Values};

fn read(document: &[u8]) -> Outcome {
    let event = windows_eventlog_native::parse_event_xml(utf8(document)?, "")?;
    let mut values = Values::default();
    values.attribute("Provider", "Name", &event.provider);
    values.system("EventID", &event.event_id.to_string());
    values.system("EventRecordID", &event.record_id.to_string());
    values.system("Channel", &event.channel);
    for (name, text) in &event.data {
        values.data(Some(name), text);
    }
    Ok(values)
}

fn main() -> std::io::Result<()> {
    main_of(read)
}
