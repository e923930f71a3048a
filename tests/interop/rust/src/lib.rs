//! The frame of every adapter in Rust: a document on standard input, its values as JSON on standard output; with --frames
//! many of them, as "wevcorpus run --persistent" sends them.
use std::io::{self, BufRead, Read, Write};

pub mod event;

/// What a library read: the header by its keys, the Data elements by name.
#[derive(Default)]
pub struct Values {
    header: serde_json::Map<String, serde_json::Value>,
    data: serde_json::Map<String, serde_json::Value>,
    depth: usize,
    part: String,
    open: Option<(String, Option<String>, String)>,
}

impl Values {
    pub fn attribute(&mut self, element: &str, name: &str, value: &str) {
        let key = match (element, name) {
            ("Provider", "Name") => "Provider",
            ("Provider", "Guid") => "Guid",
            ("TimeCreated", "SystemTime") => "TimeCreated",
            ("Correlation", "ActivityID") => "ActivityID",
            ("Execution", "ProcessID" | "ThreadID") => name,
            ("Security", "UserID") => "UserID",
            _ => return,
        };
        self.header.insert(key.into(), value.into());
    }

    pub fn system(&mut self, element: &str, text: &str) {
        let texts = ["EventID", "Version", "Level", "Task", "Opcode", "Keywords", "EventRecordID", "Channel", "Computer"];
        if texts.contains(&element) {
            self.header.insert(element.into(), text.into());
        }
    }

    pub fn data(&mut self, name: Option<&str>, text: &str) {
        if let Some(name) = name {
            // a name with U+0000 cannot be told: no reader of JSON need take it
            self.data.insert(name.replace('\0', "\u{fffd}"), text.into());
        }
    }

    /// A tag of a reader that reports them one by one; its attributes are those of the next tag's `attribute`.
    pub fn start(&mut self, name: &str, attributes: &[(String, String)]) {
        self.depth += 1;
        if self.depth == 2 {
            self.part = name.into();
        }
        if self.depth != 3 {
            return;
        }
        if self.part == "System" {
            for (key, value) in attributes {
                self.attribute(name, key, value);
            }
        }
        let field = attributes.iter().find(|(key, _)| key == "Name").map(|(_, value)| value.clone());
        self.open = Some((name.into(), field, String::new()));
    }

    pub fn text(&mut self, s: &str) {
        if let Some(open) = &mut self.open {
            open.2.push_str(s);
        }
    }

    pub fn end(&mut self) {
        if self.depth == 3 {
            if let Some((name, field, text)) = self.open.take() {
                match self.part.as_str() {
                    "System" => self.system(&name, &text),
                    "EventData" if name == "Data" => self.data(field.as_deref(), &text),
                    _ => {}
                }
            }
        }
        self.depth = self.depth.saturating_sub(1);
    }

    fn json(self) -> String {
        serde_json::json!({"header": self.header, "data": self.data}).to_string()
    }
}

/// An error refuses.
pub type Outcome = Result<Values, Box<dyn std::error::Error>>;

pub fn utf8(document: &[u8]) -> Result<&str, std::str::Utf8Error> {
    std::str::from_utf8(document)
}

fn frames(read: fn(&[u8]) -> Outcome) -> io::Result<()> {
    let (mut from, mut to) = (io::stdin().lock(), io::stdout().lock());
    let mut head = String::new();
    while from.read_line(&mut head)? > 0 {
        let n = head.trim_end().parse().map_err(|_| io::Error::other("not a frame"))?;
        let mut document = vec![0; n];
        from.read_exact(&mut document)?;
        match read(&document) {
            Ok(values) => writeln!(to, "{}", values.json())?,
            Err(why) => writeln!(to, "reject {:?}", why.to_string())?,
        }
        to.flush()?;
        head.clear();
    }
    Ok(())
}

pub fn main_of(read: fn(&[u8]) -> Outcome) -> io::Result<()> {
    if std::env::args().nth(1).as_deref() == Some("--frames") {
        return frames(read);
    }
    let mut document = Vec::new();
    io::stdin().read_to_end(&mut document)?;
    match read(&document) {
        Ok(values) => println!("{}", values.json()),
        Err(why) => {
            eprintln!("{why}");
            std::process::exit(1);
        }
    }
    Ok(())
}
