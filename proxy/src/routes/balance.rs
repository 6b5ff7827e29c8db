//! `GET /api/balance`.

use super::balance_json::BalanceJson;
use crate::balances::BalanceService;
use crate::problem::ProblemDetails;
use airalo_balance::model::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

/// A balance is for the client that asked, and no cache on the way may keep it.
pub(super) const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-store");

pub(super) async fn get_balance(State(balances): State<BalanceService>) -> Response {
    let cached = match balances.get().await {
        Ok(cached) => cached,
        Err(details) => return details.into_response(),
    };
    match BalanceJson::new(&cached) {
        Ok(body) => ([(header::CACHE_CONTROL, PRIVATE)], Json(body)).into_response(),
        Err(error) => {
            tracing::error!("failed to write the balance: {error}");
            ProblemDetails::from(Problem::Internal).into_response()
        }
    }
}
