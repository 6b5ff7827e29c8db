//! `POST /v2/simulator/webhook`, which sends a webhook for which nothing has happened.

use super::auth::authorize;
use super::refusal::Refusal;
use crate::state::{LEVELS, SandboxState};
use crate::webhook::{LoopbackUrl, Webhook};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use std::fmt::Display;
use std::sync::Arc;
use std::time::Instant;

const UNKNOWN_EVENT: &str =
    "Event must be one of: low_data_notification, credit_limit_notification, async_order_notification";

/// The documented kinds of a data notice, and what they are called in the webhook.
const DATA_LEVELS: [(&str, &str); 4] =
    [("data_75", "75%"), ("data_90", "90%"), ("expire_1", "1days"), ("expire_3", "3days")];

#[derive(Debug, Default, Deserialize)]
struct Simulation {
    event: Option<String>,
    /// A text in the documentation, and a number in its examples.
    level: Option<Value>,
    r#type: Option<String>,
    iccid: Option<String>,
    webhook_url: Option<String>,
}

impl Simulation {
    fn level(&self) -> Option<u8> {
        let level = self.level.as_ref()?;
        let level = level.as_str().map_or_else(|| level.as_u64()?.try_into().ok(), |text| text.parse().ok());
        level.filter(|level| LEVELS.contains(level))
    }

    fn data_level(&self) -> Option<&'static str> {
        let wanted = self.r#type.as_deref()?;
        DATA_LEVELS.iter().find(|(name, _)| *name == wanted).map(|(_, level)| *level)
    }
}

pub(crate) async fn simulate(
    State(state): State<Arc<SandboxState>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    authorize(&state, &headers)?;
    state.acquire_simulation(Instant::now()).map_err(Refusal::RateLimited)?;
    let webhook = webhook(&state, &body)?;
    let is_taken = webhook.send(&state.config().client_secret).await;
    state.count_webhook(is_taken);
    if !is_taken {
        return Err(not_taken(webhook.url));
    }
    Ok(axum::Json(json!({"success": "Notification sent"})).into_response())
}

fn webhook(state: &SandboxState, body: &[u8]) -> Result<Webhook, Refusal> {
    let simulation: Simulation = serde_json::from_slice(body).unwrap_or_default();
    match simulation.event.as_deref() {
        Some("credit_limit_notification") => {
            let level = simulation.level();
            let level = level.ok_or(Refusal::Invalid("level", "The level must be one of: 50, 70, 80, 90"))?;
            let url = url(&simulation, state.opt_in().map(|opt_in| opt_in.url))?;
            Ok(Webhook::of_used_credit(url, level, state.balance()))
        }
        Some("low_data_notification") => {
            let level = simulation.data_level().ok_or(Refusal::Invalid(
                "type",
                "The type must be one of: data_75, data_90, expire_1, expire_3",
            ))?;
            let iccid = simulation.iccid.as_deref().unwrap_or("8900000000000000000");
            Ok(Webhook::of_low_data(url(&simulation, None)?, level, iccid))
        }
        Some("async_order_notification") => {
            Err(Refusal::Simulator("User is not configured for webhook push".to_owned()))
        }
        Some(_) => Err(Refusal::Invalid("event", UNKNOWN_EVENT)),
        None => Err(Refusal::Missing("event")),
    }
}

/// The address in the request, or else the one that was opted in.
fn url(simulation: &Simulation, opted_in: Option<LoopbackUrl>) -> Result<LoopbackUrl, Refusal> {
    match &simulation.webhook_url {
        Some(text) => LoopbackUrl::parse(text).ok_or_else(|| not_taken(text)),
        None => opted_in.ok_or_else(|| Refusal::Simulator("User is not opted in".to_owned())),
    }
}

fn not_taken(url: impl Display) -> Refusal {
    Refusal::Simulator(format!("Could not push data to {url}"))
}
