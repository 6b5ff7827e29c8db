//! `POST /v2/orders`, so that a balance can fall in the way it falls in earnest.

use super::answers::{self, UNAUTHORISED};
use super::is_authorised;
use crate::{Cents, CreditShort, World};
use axum::body::Bytes;
use axum::extract::{Form, FromRequest, Json, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;

/// What one eSIM costs here, whatever package is asked for.
pub(crate) const PRICE: Cents = Cents::new(450);

/// The most that one order may ask for, as documented.
const MOST: u32 = 50;

/// The documented package that always fails for want of credit.
const ALWAYS_SHORT: &str = "test-insufficient-balance-7days-1gb";

#[derive(Debug, Deserialize)]
struct Wanted {
    package_id: String,
    #[serde(deserialize_with = "number_or_text")]
    quantity: u32,
}

pub(crate) async fn orders(State(world): State<Arc<World>>, headers: HeaderMap, body: Bytes) -> Response {
    if !is_authorised(&world, &headers) {
        return answers::plain(StatusCode::UNAUTHORIZED, UNAUTHORISED);
    }
    let Some(wanted) = read(&headers, body).await else {
        return answers::invalid("package_id", "The package id and the quantity are required.");
    };
    let price = match PRICE.times(wanted.quantity) {
        Some(price) if (1..=MOST).contains(&wanted.quantity) => price,
        _ => return answers::invalid("quantity", "The quantity must be between 1 and 50."),
    };
    if wanted.package_id == ALWAYS_SHORT {
        return answers::credit_short(CreditShort { missing: price });
    }
    match world.order(price) {
        Ok(order) => {
            let data = json!({
                "id": order.id,
                "code": format!("STAND-IN-{:06}", order.id),
                "package_id": wanted.package_id,
                "quantity": wanted.quantity,
                "currency": "USD",
                "price": order.price,
            });
            Json(json!({"data": data, "meta": {"message": "success"}})).into_response()
        }
        Err(short) => answers::credit_short(short),
    }
}

/// JSON or a form. The multipart form of the partner's examples is not understood here.
async fn read(headers: &HeaderMap, body: Bytes) -> Option<Wanted> {
    let kind = headers.get(header::CONTENT_TYPE)?.clone();
    let is_form = kind.as_bytes().starts_with(b"application/x-www-form-urlencoded");
    let mut request = Request::post("/").body(body.into()).ok()?;
    request.headers_mut().insert(header::CONTENT_TYPE, kind);
    if is_form {
        Form::from_request(request, &()).await.ok().map(|Form(wanted)| wanted)
    } else {
        Json::from_request(request, &()).await.ok().map(|Json(wanted)| wanted)
    }
}

fn number_or_text<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        Number(u32),
        Text(String),
    }
    match Either::deserialize(deserializer)? {
        Either::Number(number) => Ok(number),
        Either::Text(text) => text.parse().map_err(serde::de::Error::custom),
    }
}
