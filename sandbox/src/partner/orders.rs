//! `POST /v2/orders`, which lowers the balance as real orders do.

use super::auth::is_authorized;
use super::responses::{self, TOKEN_REFUSED};
use crate::cents::Cents;
use crate::state::{InsufficientCredit, SandboxState};
use axum::extract::{Form, FromRequest, Json, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

/// The price of one eSIM, whatever the package.
pub(crate) const ESIM_PRICE: Cents = Cents::new(450);

/// The documented maximum of one order.
const MAX_QUANTITY: u32 = 50;

/// The documented test package whose orders always fail with code 11.
const INSUFFICIENT_BALANCE_PACKAGE: &str = "test-insufficient-balance-7days-1gb";

/// The other documented test packages, with their codes. The words are not Airalo's.
const FAILING_PACKAGES: [(&str, u16, &str); 4] = [
    ("test-maintenance-mode-7days-1gb", 13, "Maintenance"),
    ("test-disabled-top-up-7days-1gb", 23, "Top-up is disabled"),
    ("test-not-enough-7days-1gb", 33, "Not enough in stock"),
    ("test-out-of-stock-7days-1gb", 34, "Out of stock"),
];

#[derive(Debug, Deserialize)]
struct OrderRequest {
    package_id: String,
    #[serde(deserialize_with = "number_or_string")]
    quantity: u32,
}

pub(crate) async fn orders(State(state): State<Arc<SandboxState>>, request: Request) -> Response {
    if !is_authorized(&state, request.headers()) {
        return responses::plain(StatusCode::UNAUTHORIZED, TOKEN_REFUSED);
    }
    let Some(order) = parse(request).await.filter(|order| !order.package_id.is_empty()) else {
        return responses::invalid("package_id", "The package id and the quantity are required.");
    };
    let price = match ESIM_PRICE.checked_mul(order.quantity) {
        Some(price) if (1..=MAX_QUANTITY).contains(&order.quantity) => price,
        _ => return responses::invalid("quantity", "The quantity must be between 1 and 50."),
    };
    if order.package_id == INSUFFICIENT_BALANCE_PACKAGE {
        return responses::insufficient_credit(InsufficientCredit { missing: price });
    }
    if let Some((_, code, reason)) = FAILING_PACKAGES.iter().find(|(id, ..)| *id == order.package_id) {
        return responses::business(*code, reason);
    }
    match state.place_order(price) {
        Ok(placed) => {
            let data = json!({
                "id": placed.id,
                "code": format!("STAND-IN-{:06}", placed.id),
                "package_id": order.package_id,
                "quantity": order.quantity,
                "currency": "USD",
                "price": placed.price,
            });
            Json(json!({"data": data, "meta": {"message": "success"}})).into_response()
        }
        Err(error) => responses::insufficient_credit(error),
    }
}

/// Parses JSON or a form. The multipart form of Airalo's examples is not supported.
async fn parse(request: Request) -> Option<OrderRequest> {
    let content_type = request.headers().get(header::CONTENT_TYPE)?;
    if content_type.as_bytes().starts_with(b"application/x-www-form-urlencoded") {
        Form::from_request(request, &()).await.ok().map(|Form(order)| order)
    } else {
        Json::from_request(request, &()).await.ok().map(|Json(order)| order)
    }
}

fn number_or_string<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum NumberOrString {
        Number(u32),
        String(String),
    }
    match NumberOrString::deserialize(deserializer)? {
        NumberOrString::Number(number) => Ok(number),
        NumberOrString::String(text) => text.parse().map_err(serde::de::Error::custom),
    }
}
