//! An event as serde reads it from the crates that deserialize XML.
use crate::{Outcome, Values};
use serde::Deserialize;

#[derive(Deserialize)]
pub struct Event {
    #[serde(rename = "System")]
    system: System,
    #[serde(rename = "EventData")]
    body: Option<Body>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct System {
    provider: Provider,
    #[serde(rename = "EventID")]
    id: Text,
    channel: String,
    computer: String,
    time_created: Time,
}

#[derive(Deserialize)]
struct Provider {
    #[serde(rename = "@Name")]
    name: String,
}

#[derive(Deserialize)]
struct Time {
    #[serde(rename = "@SystemTime")]
    system_time: String,
}

#[derive(Deserialize)]
struct Body {
    #[serde(rename = "Data", default)]
    data: Vec<Text>,
}

#[derive(Deserialize)]
struct Text {
    #[serde(rename = "@Name")]
    name: Option<String>,
    #[serde(rename = "TEXT", alias = "$text", alias = "#text", default)]
    text: String,
}

pub fn values(event: Event) -> Outcome {
    let mut values = Values::default();
    values.attribute("Provider", "Name", &event.system.provider.name);
    values.attribute("TimeCreated", "SystemTime", &event.system.time_created.system_time);
    values.system("EventID", &event.system.id.text);
    values.system("Channel", &event.system.channel);
    values.system("Computer", &event.system.computer);
    for data in event.body.iter().flat_map(|body| &body.data) {
        values.data(data.name.as_deref(), &data.text);
    }
    Ok(values)
}
