//! `GET /api/balance/history`.

use super::access::Authorized;
use super::balance::PRIVATE;
use super::history_json::HistoryJson;
use crate::access::Access;
use crate::etag;
use crate::history::{History, MOST_DAYS, ViewId, csv};
use crate::problem::ProblemDetails;
use airalo_balance::model::Problem;
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRef, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;
use std::collections::VecDeque;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;

const DEFAULT_DAYS: u32 = 30;

/// How many answers are kept until there is a new sample. A card asks for one number of days, the
/// page with the history for four.
const MOST_ANSWERS: usize = 8;

/// Why an answer cannot be written, which is a defect.
type BuildError = Box<dyn Error + Send + Sync>;

/// What the handler needs.
#[derive(Clone, Debug)]
pub(super) struct HistoryState {
    history: Option<History>,
    access: Access,
    answers: Arc<Mutex<VecDeque<KeptAnswer>>>,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Wanted {
    days: Option<u32>,
    #[serde(default)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Format {
    #[default]
    Json,
    /// All samples, for those who want to calculate with them.
    Csv,
}

/// The answer to a request, or its place while it is being written.
#[derive(Debug)]
struct KeptAnswer {
    id: ViewId,
    format: Format,
    answer: Arc<OnceCell<Answer>>,
}

/// An answer, written once for all requests until there is a new sample.
#[derive(Clone, Debug)]
struct Answer {
    body: Bytes,
    etag: HeaderValue,
}

impl FromRef<HistoryState> for Access {
    fn from_ref(state: &HistoryState) -> Self {
        state.access.clone()
    }
}

impl HistoryState {
    pub(super) fn new(history: Option<History>, access: Access) -> Self {
        Self { history, access, answers: Arc::default() }
    }

    /// The known answer, or a new one, which is made once for all who ask for it meanwhile.
    async fn answer(&self, history: &History, days: u32, format: Format) -> Result<Answer, BuildError> {
        let id = history.view_id(days, Timestamp::now());
        let answer = self.place_of(&id, format);
        let make = async || {
            let history = history.clone();
            // A year of samples takes as long as hundreds of other requests.
            spawn_blocking(move || Answer::new(&history, &id, format)).await?
        };
        answer.get_or_try_init(make).await.cloned()
    }

    /// Where the answer is, or will be.
    fn place_of(&self, id: &ViewId, format: Format) -> Arc<OnceCell<Answer>> {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = answers.iter().find(|known| known.id == *id && known.format == format) {
            return known.answer.clone();
        }
        // An older answer of the same days is of no use to anybody, and a list of all samples is long.
        let is_kept = |known: &KeptAnswer| {
            known.format != format || (format == Format::Json && known.id.days != id.days)
        };
        answers.retain(is_kept);
        answers.truncate(MOST_ANSWERS - 1);
        let answer = Arc::default();
        answers.push_front(KeptAnswer { id: id.clone(), format, answer: Arc::clone(&answer) });
        answer
    }
}

impl Answer {
    fn new(history: &History, id: &ViewId, format: Format) -> Result<Self, BuildError> {
        let body = match format {
            Format::Json => serde_json::to_vec(&HistoryJson::new(&history.view(id)))?,
            Format::Csv => {
                let (currency, samples) = history.samples_of(id);
                let currency = currency.as_ref();
                csv::write(samples.into_iter().filter_map(|sample| Some((sample, currency?))))?
            }
        };
        Ok(Self { etag: etag::strong(&body), body: body.into() })
    }
}

pub(super) async fn get_history(
    _: Authorized,
    State(state): State<HistoryState>,
    wanted: Result<Query<Wanted>, QueryRejection>,
    headers: HeaderMap,
) -> Response {
    let Some(history) = &state.history else {
        return ProblemDetails::from(Problem::NotFound).into_response();
    };
    let Ok(Query(Wanted { days, format })) = wanted else { return invalid() };
    let days = days.unwrap_or(DEFAULT_DAYS);
    if !(1..=MOST_DAYS).contains(&days) {
        return invalid();
    }
    let answer = match state.answer(history, days, format).await {
        Ok(answer) => answer,
        Err(error) => {
            tracing::error!("failed to write the history: {error}");
            return ProblemDetails::from(Problem::Internal).into_response();
        }
    };
    let mut response = if etag::is_known(&headers, &answer.etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        (format.headers(), answer.body).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, PRIVATE);
    headers.insert(header::ETAG, answer.etag);
    response
}

impl Format {
    fn headers(self) -> HeaderMap {
        let headers = match self {
            Self::Json => &[(header::CONTENT_TYPE, "application/json")][..],
            Self::Csv => &[
                (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"airalo-balance.csv\""),
            ],
        };
        headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect()
    }
}

fn invalid() -> Response {
    ProblemDetails::from(Problem::InvalidQuery).into_response()
}
