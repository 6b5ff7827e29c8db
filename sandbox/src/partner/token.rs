//! `POST /v2/token`.

use super::answers::{self, CLIENT_UNKNOWN, SECRET_REFUSED};
use crate::{Scenario, World};
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;
use std::time::Instant;

/// Each field may be missing: that is the partner's error to report, and not the framework's.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    client_id: Option<SecretString>,
    client_secret: Option<SecretString>,
    grant_type: Option<String>,
}

pub(crate) async fn token(
    State(world): State<Arc<World>>,
    asked: Result<Form<Asked>, FormRejection>,
) -> Response {
    world.count_token_request();
    let Ok(Form(asked)) = asked else {
        return answers::invalid("client_id", "The client id field is required.");
    };
    if asked.grant_type.as_deref() != Some("client_credentials") {
        return answers::invalid("grant_type", "The grant type must be client_credentials.");
    }
    if !same(asked.client_id.as_ref(), &world.config().client_id) {
        return answers::json(StatusCode::UNPROCESSABLE_ENTITY, CLIENT_UNKNOWN);
    }
    let now = Instant::now();
    if let Err(wait) = world.admit_token_request(now) {
        return answers::too_many(Some(answers::in_seconds(wait)));
    }
    let scenario = world.scenario();
    let secret_is_right = same(asked.client_secret.as_ref(), &world.config().client_secret);
    if !secret_is_right || scenario == Scenario::CredentialsRefused {
        return answers::json(StatusCode::UNAUTHORIZED, SECRET_REFUSED);
    }
    match scenario {
        Scenario::TokenError => answers::plain(StatusCode::INTERNAL_SERVER_ERROR, "Server Error"),
        Scenario::TokenMissing => {
            axum::Json(json!({"data": [], "meta": {"message": "success"}})).into_response()
        }
        _ => axum::Json(json!({
            "data": {
                "token_type": "Bearer",
                "expires_in": world.config().expires_in,
                "access_token": world.issue_token(now),
            },
            "meta": {"message": "success"},
        }))
        .into_response(),
    }
}

/// Not in constant time: nothing that this guards is worth timing.
fn same(given: Option<&SecretString>, wanted: &SecretString) -> bool {
    given.is_some_and(|given| given.expose_secret() == wanted.expose_secret())
}
