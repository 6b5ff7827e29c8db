//! The built card: the page that shows it, and the static files of its directory.

use super::balance::PRIVATE;
use super::balance_json;
use crate::balances::BalanceService;
use crate::problem::ProblemDetails;
use airalo_balance::model::Problem;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::Arc;
use tower_http::services::ServeDir;

/// Where the page says that its figures come from the sandbox, if they do.
const NOTE_PLACEHOLDER: &str = "<!-- stand-in -->";

/// Where the page has the balance embedded, if the cache has one.
const BALANCE_PLACEHOLDER: &str = "<!-- balance -->";

const NOT_BUILT: &str = "The card is not built yet.\n\n\
    Build it with `cargo xtask demo`, or name the directory of a built card in ASSETS_DIR.\n\
    The balance is served at /api/balance all the same.\n";

/// Lets browsers keep a file and revalidate it on each load, so that a new build shows at once.
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

/// For files whose path contains a hash of their content.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// The state of both handlers.
#[derive(Clone, Debug)]
pub(crate) struct Assets {
    files: ServeDir,
    index: PathBuf,
    sandbox_note: Arc<str>,
    balances: BalanceService,
}

impl Assets {
    /// With the URL of a sandbox console, the page says that its figures come from the sandbox.
    pub(crate) fn new(directory: PathBuf, console_url: Option<&str>, balances: BalanceService) -> Self {
        let index = directory.join("index.html");
        let files = ServeDir::new(directory)
            .append_index_html_on_directories(false)
            .precompressed_br()
            .precompressed_gzip();
        let sandbox_note = console_url.map(sandbox_note).unwrap_or_default().into();
        Self { files, index, sandbox_note, balances }
    }

    /// The balance as HTML, if the cache has one. The page does not wait for Airalo.
    fn balance_html(&self) -> Option<String> {
        balance_json::to_html(&self.balances.cached()?)
            .inspect_err(|error| tracing::error!("failed to write the balance into the page: {error}"))
            .ok()
    }
}

fn sandbox_note(console_url: &str) -> String {
    format!(
        "<p class=\"stand-in\" role=\"note\">These figures come from a built-in stand-in of the Airalo Partner API. \
         <a href=\"{console_url}/\">Change them in its console</a>.</p>"
    )
}

/// Serves the page with the balance embedded, so that the first paint shows it and the card need
/// not request it.
///
/// The file is read for each request: it is small, and a new build may replace it at any time.
pub(super) async fn index_page(State(assets): State<Assets>) -> Response {
    match tokio::fs::read_to_string(&assets.index).await {
        Ok(page) => {
            let balance = assets.balance_html();
            let cache_control = if balance.is_some() { PRIVATE } else { REVALIDATE };
            let page = page
                .replace(NOTE_PLACEHOLDER, &assets.sandbox_note)
                .replace(BALANCE_PLACEHOLDER, &balance.unwrap_or_default());
            ([(header::CACHE_CONTROL, cache_control)], Html(page)).into_response()
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, REVALIDATE)], NOT_BUILT).into_response()
        }
        Err(error) => read_failed(&error),
    }
}

/// Serves any other file. Pages of other origins may load these files, because they embed the card.
pub(super) async fn static_file(State(mut assets): State<Assets>, request: Request) -> Response {
    let cache_control = if has_content_hash(request.uri().path()) { IMMUTABLE } else { REVALIDATE };
    let mut response = match assets.files.try_call(request).await {
        Ok(response) => response.into_response(),
        Err(error) if is_not_found(&error) => return ProblemDetails::from(Problem::NotFound).into_response(),
        Err(error) => return read_failed(&error),
    };
    match response.status() {
        StatusCode::METHOD_NOT_ALLOWED => {
            let allow = response.headers_mut().remove(header::ALLOW);
            let mut problem = ProblemDetails::from(Problem::MethodNotAllowed).into_response();
            problem.headers_mut().extend(allow.map(|allow| (header::ALLOW, allow)));
            problem
        }
        StatusCode::NOT_FOUND => ProblemDetails::from(Problem::NotFound).into_response(),
        _ => {
            let headers = response.headers_mut();
            headers.insert(header::CACHE_CONTROL, cache_control);
            headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
            response
        }
    }
}

/// Whether this is `/card/<16 hexadecimal digits>/…`, where the build puts the WebAssembly and
/// its glue.
fn has_content_hash(path: &str) -> bool {
    let folder = path.strip_prefix("/card/").and_then(|rest| rest.split_once('/'));
    folder.is_some_and(|(name, _)| name.len() == 16 && name.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

/// Whether the file does not exist for clients, as opposed to a failure of this server.
fn is_not_found(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::PermissionDenied)
}

fn read_failed(error: &std::io::Error) -> Response {
    tracing::error!("failed to read a file of ASSETS_DIR: {error}");
    ProblemDetails::from(Problem::Internal).into_response()
}
