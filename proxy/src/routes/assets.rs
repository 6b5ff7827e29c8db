//! The built card: the page that shows it, and its files.

use super::access::may_embed;
use super::answer::Answers;
use super::balance::PRIVATE;
use super::headers::{FrameAncestors, USUAL_COUNT};
use crate::access::Access;
use crate::balances::BalanceService;
use crate::etag;
use crate::files::{Accepted, CardSource, File, Files, REVALIDATE, ReadError};
use arc_swap::ArcSwap;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use std::sync::Arc;

/// Where the page says that its figures come from the sandbox, if they do.
const NOTE_PLACEHOLDER: &str = "<!-- stand-in -->";

/// Where pages link to the history, if one is kept.
const HISTORY_PLACEHOLDER: &str = "<!-- history -->";

/// Where the page has the balance embedded, if the cache has one.
const BALANCE_PLACEHOLDER: &str = "<!-- balance -->";

const NOT_BUILT: &str = "The card is not built yet.\n\n\
    Build it with `cargo xtask demo`, or name the directory of a built card in ASSETS_DIR.\n\
    The balance is served at /api/balance all the same.\n";

const ACCEPT_ENCODING: HeaderValue = HeaderValue::from_static("accept-encoding");

/// An extension of a response that is a file of the card, and no page.
#[derive(Clone, Copy, Debug)]
pub(super) struct CardFile;

/// The state of the handlers of both pages. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Assets(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    source: CardSource,
    sandbox_note: String,
    files: CardFiles,
    balances: BalanceService,
    answers: Answers,
    access: Access,
}

/// The files of the card, of the latest build. Clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct CardFiles(Arc<ArcSwap<Build>>);

/// What was read from the source.
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
    fn new(html: &str, sandbox_note: &str) -> Self {
        let html = html.replace(NOTE_PLACEHOLDER, sandbox_note).replace(HISTORY_PLACEHOLDER, "");
        let (before, after) = html.split_once(BALANCE_PLACEHOLDER).unwrap_or((&html, ""));
        let (before, after) = (before.to_owned(), after.to_owned());
        let without_balance = format!("{before}{after}").into();
        Self { before, after, without_balance }
    }
}

impl Assets {
    /// Reads the files. With the URL of a sandbox console, the page says that its figures come
    /// from the sandbox.
    pub(crate) fn new(
        source: CardSource,
        console_url: Option<&str>,
        balances: BalanceService,
        answers: Answers,
        access: Access,
    ) -> Self {
        let sandbox_note = console_url.map(sandbox_note).unwrap_or_default();
        let files = CardFiles::default();
        let assets = Self(Arc::new(Inner { source, sandbox_note, files, balances, answers, access }));
        assets.reload();
        assets
    }

    /// Reads the files again. If they cannot be read, what was read before is kept.
    pub(crate) fn reload(&self) {
        let source = &self.0.source;
        match self.read() {
            Ok(build) => {
                if build.index.is_none() {
                    tracing::warn!("{source} has no index.html; the page says how to build it");
                }
                tracing::info!(files = build.files.len(), "serving the files of {source}");
                self.0.files.0.store(Arc::new(build));
            }
            Err(ReadError::Missing) => {
                tracing::warn!("there is no built card in {source}; only the balance is served");
            }
            Err(error) => tracing::error!("{source} {error}"),
        }
    }

    fn read(&self) -> Result<Build, ReadError> {
        let mut files = Files::read(&self.0.source)?;
        // Without a history the placeholder stays, which is a comment.
        if self.0.answers.has_history() {
            files.fill(HISTORY_PLACEHOLDER, history_link);
        }
        let mut page = |name| Some(Page::new(&files.take_text(name)?, &self.0.sandbox_note));
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

    pub(super) fn files(&self) -> CardFiles {
        self.0.files.clone()
    }

    fn build(&self) -> Arc<Build> {
        self.0.files.0.load_full()
    }
}

/// The link from the page at this path.
fn history_link(path: &str) -> String {
    let up = "../".repeat(path.matches('/').count().saturating_sub(1));
    format!(r#"<a href="{}history.html">History</a>"#, if up.is_empty() { "./" } else { &up })
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

impl CardFiles {
    /// The response to a request for a file; `None` for all others.
    pub(super) fn respond(&self, request: &Request) -> Option<Response> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return None;
        }
        let build = self.0.load();
        let file = build.files.get(request.uri().path())?;
        Some(respond(file, request.headers()))
    }

    /// Redirects a folder without its slash, with which the relative links of its page work. The
    /// redirect is relative too, because a web server may add a path.
    pub(super) fn redirect(&self, uri: &Uri) -> Option<Response> {
        self.0.load().files.page_of(&format!("{}/", uri.path()))?;
        let (_, name) = uri.path().rsplit_once('/')?;
        let query = uri.query().map(|query| format!("?{query}"));
        let redirect = Redirect::permanent(&format!("{name}/{}", query.unwrap_or_default()));
        Some(([(header::CACHE_CONTROL, REVALIDATE)], redirect).into_response())
    }
}

/// A file, or 304 where the client has it already.
fn respond(file: &File, request: &HeaderMap) -> Response {
    let variant = file.variant_for(Accepted::read(request));
    let mut response = Response::new(Body::empty());
    response.extensions_mut().insert(CardFile);
    let is_known = etag::is_known(request, &variant.etag);
    if is_known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else {
        *response.body_mut() = Body::from(variant.bytes.clone());
    }
    let headers = response.headers_mut();
    headers.reserve(USUAL_COUNT);
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
