//! The JSON of what is stored. Processes of different versions may share a store during a rollout,
//! so the state names its version.

use super::Message;
use crate::alerts::alert::Alert;
use crate::alerts::core::State;
use serde::{Deserialize, Serialize};

const VERSION: u32 = 1;

#[derive(Deserialize, Serialize)]
struct StoredState {
    version: u32,
    state: State,
}

/// A state that cannot be read counts as none: an alert is then raised once more, and none is
/// missed.
pub(super) fn read_state(json: &str) -> State {
    let stored = serde_json::from_str::<StoredState>(json).ok();
    stored.filter(|stored| stored.version == VERSION).map(|stored| stored.state).unwrap_or_default()
}

pub(super) fn write_state(state: State) -> serde_json::Result<String> {
    serde_json::to_string(&StoredState { version: VERSION, state })
}

pub(super) fn read_alert(json: &str) -> Option<Alert> {
    serde_json::from_str(json).ok()
}

pub(super) fn write_alert(alert: &Alert) -> serde_json::Result<String> {
    serde_json::to_string(alert)
}

/// A message in a list of Redis begins with its id, by which it is found there.
pub(super) fn read_message(text: &str) -> Option<Message> {
    let (id, json) = text.split_once(' ')?;
    Some(Message { id: id.to_owned(), alert: read_alert(json)? })
}

pub(super) fn write_message(message: &Message) -> serde_json::Result<String> {
    Ok(format!("{} {}", message.id, write_alert(&message.alert)?))
}
