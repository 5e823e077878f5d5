//! Events on their way out: already encoded, shared by every session that sends them.

use bytes::Bytes;
use protocol::Cursor;

/// A batch as the wire wants it, without having decoded anything.
#[derive(Clone, Debug)]
pub struct EncodedBatch {
    /// Each the JSON text of one event, in log order, ephemeral ones last.
    pub events: Vec<Bytes>,
    /// Up to where the log was looked through.
    pub cursor: Cursor,
    /// The given cursor cannot be continued; `events` is empty and `cursor` is the head.
    pub reset: bool,
}

impl EncodedBatch {
    /// Whether there is nothing to tell but the cursor.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events.is_empty() && !self.reset
    }

    /// Appends the fields of the batch as JSON, without the enclosing braces:
    /// `"events":[…],"cursor":"…"` and, where they apply, `,"reset":true` and `,"retry_in":N`.
    pub fn write_fields(&self, out: &mut Vec<u8>, retry_in: Option<u64>) {
        let bytes: usize = self.events.iter().map(|event| event.len() + 1).sum();
        out.reserve(bytes + 96);
        out.extend_from_slice(b"\"events\":[");
        for (index, event) in self.events.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            out.extend_from_slice(event);
        }
        // An epoch is `[0-9a-z]` and a position digits: nothing to escape.
        out.extend_from_slice(b"],\"cursor\":\"");
        out.extend_from_slice(self.cursor.to_string().as_bytes());
        out.push(b'"');
        if self.reset {
            out.extend_from_slice(b",\"reset\":true");
        }
        if let Some(millis) = retry_in {
            out.extend_from_slice(format!(",\"retry_in\":{millis}").as_bytes());
        }
    }

    /// The whole batch as a JSON object.
    #[must_use]
    pub fn to_json(&self, retry_in: Option<u64>) -> Vec<u8> {
        let mut out = vec![b'{'];
        self.write_fields(&mut out, retry_in);
        out.push(b'}');
        out
    }
}

#[cfg(test)]
mod tests {
    use protocol::Position;

    use super::*;

    #[test]
    fn the_bytes_are_the_batch_of_the_protocol() {
        let typing = r#"{"at":"2026-01-01T00:00:00.000Z","type":"typing","conversation_id":7,"user_id":10001}"#;
        let batch = EncodedBatch {
            events: vec![Bytes::from_static(typing.as_bytes()); 2],
            cursor: Cursor { epoch: "e1".into(), position: Position(9) },
            reset: true,
        };
        let parsed: protocol::Batch = serde_json::from_slice(&batch.to_json(Some(250))).unwrap();
        assert_eq!(parsed.events.len(), 2);
        assert_eq!(parsed.cursor, "e1.9");
        assert_eq!((parsed.reset, parsed.retry_in), (Some(true), Some(250)));
        assert_eq!(serde_json::to_string(&parsed.events[0]).unwrap(), typing);
    }
}
