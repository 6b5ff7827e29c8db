//! The built card: the page that shows it, and the static files of its directory.

use super::access::may_embed;
use super::balance::PRIVATE;
use super::balance_json;
use super::headers::{ForEveryPage, FrameAncestors};
use crate::access::Access;
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
    directory: PathBuf,
    sandbox_note: Arc<str>,
    balances: BalanceService,
    access: Access,
}

impl Assets {
    /// With the URL of a sandbox console, the page says that its figures come from the sandbox.
    pub(crate) fn new(
        directory: PathBuf,
        console_url: Option<&str>,
        balances: BalanceService,
        access: Access,
    ) -> Self {
        let files = ServeDir::new(&directory)
            .append_index_html_on_directories(false)
            .precompressed_br()
            .precompressed_gzip();
        let sandbox_note = console_url.map(sandbox_note).unwrap_or_default().into();
        Self { files, directory, sandbox_note, balances, access }
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

/// Serves the page with the balance embedded, for who may ask for it, so that the first paint shows
/// it and the card need not request it.
pub(super) async fn index_page(State(assets): State<Assets>, request: Request) -> Response {
    let may_embed = may_embed(&assets.access, &request, false);
    page(&assets, "index.html", may_embed).await
}

/// Serves the page of one card, which other sites may frame if the configuration names them.
pub(super) async fn card_page(State(assets): State<Assets>, request: Request) -> Response {
    let frame_ancestors = assets.access.frame_ancestors();
    let may_embed = may_embed(&assets.access, &request, frame_ancestors.is_some());
    let mut response = page(&assets, "card.html", may_embed).await;
    if let Some(origins) = frame_ancestors {
        response.extensions_mut().insert(FrameAncestors(origins));
    }
    response
}

/// The file is read for each request: it is small, and a new build may replace it at any time.
async fn page(assets: &Assets, name: &str, may_embed: bool) -> Response {
    match tokio::fs::read_to_string(assets.directory.join(name)).await {
        Ok(page) => {
            let balance = may_embed.then(|| assets.balance_html()).flatten();
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
        StatusCode::METHOD_NOT_ALLOWED => ProblemDetails::from(Problem::MethodNotAllowed).into_response(),
        StatusCode::NOT_FOUND => ProblemDetails::from(Problem::NotFound).into_response(),
        _ => {
            response.headers_mut().insert(header::CACHE_CONTROL, cache_control);
            response.extensions_mut().insert(ForEveryPage);
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
