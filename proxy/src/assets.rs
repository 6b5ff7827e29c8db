//! The built card: files from one directory, and the page that shows it.

use crate::balance::{self, FOR_ONE};
use crate::feed::Feed;
use crate::problem::Refusal;
use airalo_balance::model::Problem;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::Arc;
use tower_http::services::ServeDir;

/// Where the page says that its figures are not real, if they are not.
const MARKER: &str = "<!-- stand-in -->";

/// Where the page has its balance, if one is known.
const BALANCE: &str = "<!-- balance -->";

const NOT_BUILT: &str = "The card is not built yet.\n\n\
    Build it with `cargo xtask demo`, or name the directory of a built card in ASSETS_DIR.\n\
    The balance is served at /api/balance all the same.\n";

/// Ask again each time, and be told that nothing changed: a new card shows at once.
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

/// What lies below an address that is made of its contents never changes there.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// The files and what the page has to say about them.
#[derive(Clone, Debug)]
pub(crate) struct Assets {
    files: ServeDir,
    index: PathBuf,
    note: Arc<str>,
    feed: Feed,
}

impl Assets {
    /// With the address of a console the page says that its figures are a stand-in's.
    pub(crate) fn new(directory: PathBuf, console: Option<&str>, feed: Feed) -> Self {
        let index = directory.join("index.html");
        let files = ServeDir::new(directory)
            .append_index_html_on_directories(false)
            .precompressed_br()
            .precompressed_gzip();
        Self { files, index, note: console.map(note).unwrap_or_default().into(), feed }
    }

    /// The balance as the page carries it. Nobody waits for one, and Airalo is not asked.
    fn balance(&self) -> Option<String> {
        let served = self.feed.known()?;
        balance::markup(&served)
            .inspect_err(|error| tracing::error!("failed to write the balance into the page: {error}"))
            .ok()
    }
}

fn note(console: &str) -> String {
    format!(
        "<p class=\"stand-in\" role=\"note\">These figures come from a built-in stand-in of the Airalo Partner API. \
         <a href=\"{console}/\">Change them in its console</a>.</p>"
    )
}

/// The page, with the balance in it if that is known: what is on the screen first is then the
/// balance, and the card need not ask. It is read each time: it is small, and may be built anew while the proxy runs.
pub(crate) async fn page(State(assets): State<Assets>) -> Response {
    match tokio::fs::read_to_string(&assets.index).await {
        Ok(text) => {
            let balance = assets.balance();
            let keep = if balance.is_some() { FOR_ONE } else { REVALIDATE };
            let page = text.replace(MARKER, &assets.note).replace(BALANCE, &balance.unwrap_or_default());
            ([(header::CACHE_CONTROL, keep)], Html(page)).into_response()
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, REVALIDATE)], NOT_BUILT).into_response()
        }
        Err(error) => cannot_be_read(&error),
    }
}

/// Any other file. Pages of other origins may embed them, as they embed the card.
pub(crate) async fn file(State(mut assets): State<Assets>, request: Request) -> Response {
    let keep = if is_stamped(request.uri().path()) { FOR_EVER } else { REVALIDATE };
    let mut response = match assets.files.try_call(request).await {
        Ok(response) => response.into_response(),
        Err(error) if leads_nowhere(&error) => return Refusal::from(Problem::NotFound).into_response(),
        Err(error) => return cannot_be_read(&error),
    };
    match response.status() {
        StatusCode::METHOD_NOT_ALLOWED => {
            let allow = response.headers_mut().remove(header::ALLOW);
            let mut refusal = Refusal::from(Problem::MethodNotAllowed).into_response();
            refusal.headers_mut().extend(allow.map(|allow| (header::ALLOW, allow)));
            refusal
        }
        StatusCode::NOT_FOUND => Refusal::from(Problem::NotFound).into_response(),
        _ => {
            let headers = response.headers_mut();
            headers.insert(header::CACHE_CONTROL, keep);
            headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
            response
        }
    }
}

/// Whether this is an address as the build makes them for the WebAssembly and its glue.
fn is_stamped(path: &str) -> bool {
    let folder = path.strip_prefix("/card/").and_then(|rest| rest.split_once('/'));
    folder.is_some_and(|(name, _)| name.len() == 16 && name.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

/// Whether the caller asked for something that is not there, or not for callers.
fn leads_nowhere(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::PermissionDenied)
}

fn cannot_be_read(error: &std::io::Error) -> Response {
    tracing::error!("failed to read a file of ASSETS_DIR: {error}");
    Refusal::from(Problem::Internal).into_response()
}
