//! `POST /v2/token`.

use super::responses::{self, CLIENT_UNKNOWN, SECRET_REFUSED};
use crate::scenario::Scenario;
use crate::state::SandboxState;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;
use std::time::Instant;

/// Each field is optional, so that a missing one gets Airalo's error instead of axum's.
#[derive(Debug, Deserialize)]
pub(crate) struct TokenRequest {
    client_id: Option<SecretString>,
    client_secret: Option<SecretString>,
    grant_type: Option<String>,
}

impl TokenRequest {
    /// All of them are required, and an empty one counts as missing.
    fn first_missing(&self) -> Option<&'static str> {
        let secret =
            |field: &Option<SecretString>| field.as_ref().is_none_or(|it| it.expose_secret().is_empty());
        let fields = [
            ("client_id", secret(&self.client_id)),
            ("client_secret", secret(&self.client_secret)),
            ("grant_type", self.grant_type.as_ref().is_none_or(String::is_empty)),
        ];
        fields.into_iter().find_map(|(name, is_missing)| is_missing.then_some(name))
    }
}

pub(crate) async fn token(
    State(state): State<Arc<SandboxState>>,
    form: Result<Form<TokenRequest>, FormRejection>,
) -> Response {
    state.count_token_request();
    let Ok(Form(request)) = form else {
        return responses::missing("client_id");
    };
    if let Some(field) = request.first_missing() {
        return responses::missing(field);
    }
    if request.grant_type.as_deref() != Some("client_credentials") {
        return responses::invalid("grant_type", "The grant type must be client_credentials.");
    }
    if !is_equal(request.client_id.as_ref(), &state.config().client_id) {
        return responses::json(StatusCode::UNPROCESSABLE_ENTITY, CLIENT_UNKNOWN);
    }
    let now = Instant::now();
    if let Err(wait) = state.acquire_token_request(now) {
        let limit = state.config().tokens_per_minute;
        return responses::with_limit(responses::rate_limited(Some(responses::whole_seconds(wait))), limit);
    }
    let scenario = state.scenario();
    let is_secret_valid = is_equal(request.client_secret.as_ref(), &state.config().client_secret);
    if !is_secret_valid || scenario == Scenario::CredentialsRefused {
        return responses::json(StatusCode::UNAUTHORIZED, SECRET_REFUSED);
    }
    match scenario {
        Scenario::TokenError => responses::plain(StatusCode::INTERNAL_SERVER_ERROR, "Server Error"),
        Scenario::TokenMissing => {
            axum::Json(json!({"data": [], "meta": {"message": "success"}})).into_response()
        }
        _ => axum::Json(json!({
            "data": {
                "token_type": "Bearer",
                "expires_in": state.config().expires_in,
                "access_token": state.issue_token(now),
            },
            "meta": {"message": "success"},
        }))
        .into_response(),
    }
}

/// Not in constant time, because these secrets protect nothing.
fn is_equal(sent: Option<&SecretString>, expected: &SecretString) -> bool {
    sent.is_some_and(|sent| sent.expose_secret() == expected.expose_secret())
}
