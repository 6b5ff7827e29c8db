//! The built card: the page that shows it, and its files.

use super::access::may_embed;
use super::answer::Answers;
use super::balance::PRIVATE;
use super::headers::{ForEveryPage, FrameAncestors};
use super::observe::Route;
use crate::access::Access;
use crate::balances::BalanceService;
use crate::etag;
use crate::files::{Accepted, File, Files, REVALIDATE, ReadError};
use crate::problem::ProblemDetails;
use airalo_balance::model::Problem;
use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

/// Where the page says that its figures come from the sandbox, if they do.
const NOTE_PLACEHOLDER: &str = "<!-- stand-in -->";

/// Where the page links to the history, if one is kept.
const HISTORY_PLACEHOLDER: &str = "<!-- history -->";

const HISTORY_LINK: &str = r#"<a href="./history.html">History</a>"#;

/// Where the page has the balance embedded, if the cache has one.
const BALANCE_PLACEHOLDER: &str = "<!-- balance -->";

const NOT_BUILT: &str = "The card is not built yet.\n\n\
    Build it with `cargo xtask demo`, or name the directory of a built card in ASSETS_DIR.\n\
    The balance is served at /api/balance all the same.\n";

const ACCEPT_ENCODING: HeaderValue = HeaderValue::from_static("accept-encoding");

/// The state of both handlers. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Assets(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    directory: PathBuf,
    sandbox_note: String,
    build: RwLock<Arc<Build>>,
    balances: BalanceService,
    answers: Answers,
    access: Access,
}

/// What was read from the directory.
#[derive(Debug, Default)]
struct Build {
    files: Files,
    index: Option<Page>,
    card: Option<Page>,
}

/// A page, in two parts with the balance between them. Without a balance it is always the same.
#[derive(Debug)]
struct Page {
    before: String,
    after: String,
    without_balance: Bytes,
}

impl Page {
    fn new(html: &str, sandbox_note: &str, history_link: &str) -> Self {
        let html = html.replace(NOTE_PLACEHOLDER, sandbox_note).replace(HISTORY_PLACEHOLDER, history_link);
        let (before, after) = html.split_once(BALANCE_PLACEHOLDER).unwrap_or((&html, ""));
        let (before, after) = (before.to_owned(), after.to_owned());
        let without_balance = format!("{before}{after}").into();
        Self { before, after, without_balance }
    }
}

impl Assets {
    /// Reads the directory. With the URL of a sandbox console, the page says that its figures come
    /// from the sandbox.
    pub(crate) fn new(
        directory: PathBuf,
        console_url: Option<&str>,
        balances: BalanceService,
        answers: Answers,
        access: Access,
    ) -> Self {
        let sandbox_note = console_url.map(sandbox_note).unwrap_or_default();
        let build = RwLock::default();
        let assets = Self(Arc::new(Inner { directory, sandbox_note, build, balances, answers, access }));
        assets.reload();
        assets
    }

    /// Reads the directory again. If it cannot be read, what was read before is kept.
    pub(crate) fn reload(&self) {
        let directory = self.0.directory.display();
        match self.read() {
            Ok(build) => {
                if build.index.is_none() {
                    tracing::warn!(
                        "ASSETS_DIR has no index.html ({directory}); the page says how to build it"
                    );
                }
                tracing::info!(files = build.files.len(), "serving the files of {directory}");
                *self.0.build.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(build);
            }
            Err(ReadError::Missing) => {
                tracing::warn!(
                    "there is no built card in ASSETS_DIR ({directory}); only the balance is served"
                );
            }
            Err(error) => tracing::error!("ASSETS_DIR ({directory}) {error}"),
        }
    }

    fn read(&self) -> Result<Build, ReadError> {
        let mut files = Files::read(&self.0.directory)?;
        let history_link = if self.0.answers.has_history() { HISTORY_LINK } else { "" };
        let mut page = |name| Some(Page::new(&files.take_text(name)?, &self.0.sandbox_note, history_link));
        let (index, card) = (page("/index.html"), page("/card.html"));
        Ok(Build { files, index, card })
    }

    /// The page with the last balance, fresh or not: it does not wait for Airalo.
    fn respond_with_page(&self, page: Option<&Page>, may_embed: bool) -> Response {
        let Some(page) = page else {
            return (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, REVALIDATE)], NOT_BUILT).into_response();
        };
        let cached = may_embed.then(|| self.0.balances.cached()).flatten();
        match cached.and_then(|cached| self.0.answers.get(&cached)) {
            Some(answer) => {
                let html = [&*page.before, &answer.html, &page.after].concat();
                ([(header::CACHE_CONTROL, PRIVATE)], Html(html)).into_response()
            }
            None => {
                ([(header::CACHE_CONTROL, REVALIDATE)], Html(page.without_balance.clone())).into_response()
            }
        }
    }

    fn build(&self) -> Arc<Build> {
        self.0.build.read().unwrap_or_else(PoisonError::into_inner).clone()
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
    let may_embed = may_embed(&assets.0.access, &request, false);
    assets.respond_with_page(assets.build().index.as_ref(), may_embed)
}

/// Serves the page of one card, which other sites may frame if the configuration names them.
pub(super) async fn card_page(State(assets): State<Assets>, request: Request) -> Response {
    let frame_ancestors = assets.0.access.frame_ancestors();
    let may_embed = may_embed(&assets.0.access, &request, frame_ancestors.is_some());
    let mut response = assets.respond_with_page(assets.build().card.as_ref(), may_embed);
    if let Some(origins) = frame_ancestors {
        response.extensions_mut().insert(FrameAncestors(origins));
    }
    response
}

/// Serves any other file.
pub(super) async fn static_file(State(assets): State<Assets>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return ProblemDetails::from(Problem::MethodNotAllowed).into_response();
    }
    let build = assets.build();
    match build.files.get(request.uri().path()) {
        // Pages of other origins may load the files, because they embed the card.
        Some(file) => {
            (Extension(Route("file")), Extension(ForEveryPage), respond(file, &request)).into_response()
        }
        None => ProblemDetails::from(Problem::NotFound).into_response(),
    }
}

/// A file, or 304 where the client has it already.
fn respond(file: &File, request: &Request) -> Response {
    let variant = file.variant_for(Accepted::read(request.headers()));
    let mut response = Response::new(Body::empty());
    let is_known = etag::is_known(request.headers(), &variant.etag);
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else {
        *response.body_mut() = Body::from(variant.bytes.clone());
    }
    let headers = response.headers_mut();
    headers.reserve(8);
    headers.insert(header::ETAG, variant.etag.clone());
    headers.insert(header::CACHE_CONTROL, file.cache_control.clone());
    if file.varies() {
        headers.insert(header::VARY, ACCEPT_ENCODING);
    }
    if !is_known {
        headers.insert(header::CONTENT_TYPE, file.content_type.clone());
        if let Some(encoding) = &variant.encoding {
            headers.insert(header::CONTENT_ENCODING, encoding.clone());
        }
    }
    response
}
