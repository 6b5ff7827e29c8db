//! [`HistoryPage`], the component behind the page with the history.

use crate::browser::Headers;
use crate::browser::fetch::{InFlight, Response, Target, request};
use crate::browser::intl::Intl;
use crate::components::history_board;
use crate::model::config::Credentials;
use crate::model::history_page::HistoryPageView;
use crate::model::schedule::Millis;
use crate::model::{FetchError, HistoryResponse, Messages};
use std::fmt;
use std::rc::Rc;
use yew::prelude::*;

/// How long the request may take.
const TIMEOUT: Millis = 10_000;

/// What a request has brought. Without a history nothing has been recorded yet.
type Answer = Result<Option<HistoryResponse>, FetchError>;

/// The props of a [`HistoryPage`].
#[derive(Clone, Debug, PartialEq, Properties)]
pub(crate) struct HistoryPageProps {
    /// The URL of the history.
    pub(crate) url: AttrValue,
    /// The page's request headers.
    #[prop_or_default]
    pub(crate) headers: Option<Headers>,
    /// Which cookies are sent.
    #[prop_or_default]
    pub(crate) credentials: Credentials,
    /// The locale of numbers and dates.
    #[prop_or_default]
    pub(crate) lang: Option<AttrValue>,
    /// The language of `messages`, if it is not English.
    #[prop_or_default]
    pub(crate) language: Option<AttrValue>,
    /// The sentences of the page or of its language.
    #[prop_or_default]
    pub(crate) messages: Rc<Messages>,
}

/// The history of a balance. It is asked for once, and again for another URL or another user.
pub(crate) struct HistoryPage {
    intl: Intl,
    /// What the last request has brought.
    result: Option<Answer>,
    view: HistoryPageView,
    in_flight: Option<InFlight>,
}

impl fmt::Debug for HistoryPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HistoryPage").finish_non_exhaustive()
    }
}

impl Component for HistoryPage {
    type Message = Answer;
    type Properties = HistoryPageProps;

    fn create(ctx: &Context<Self>) -> Self {
        let intl = Intl::new(ctx.props().lang.as_deref());
        let mut page = Self { intl, result: None, view: HistoryPageView::default(), in_flight: None };
        page.ask(ctx);
        page
    }

    fn update(&mut self, ctx: &Context<Self>, answer: Answer) -> bool {
        self.in_flight = None;
        self.result = Some(answer);
        self.update_view(ctx.props());
        true
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &HistoryPageProps) -> bool {
        let props = ctx.props();
        if props.lang != old.lang {
            self.intl = Intl::new(props.lang.as_deref());
        }
        if (&props.url, &props.headers, props.credentials) != (&old.url, &old.headers, old.credentials) {
            // What is shown stays until the answer is there.
            self.ask(ctx);
        }
        self.update_view(props);
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let language = ctx.props().language.as_deref().unwrap_or("en");
        history_board(&self.view, language, self.in_flight.is_some())
    }
}

impl HistoryPage {
    fn ask(&mut self, ctx: &Context<Self>) {
        let HistoryPageProps { url, headers, credentials, .. } = ctx.props();
        let (target, link) = (Target::new(url, None, *credentials), ctx.link().clone());
        let on_response = Box::new(move |response: Response| link.send_message(response.history()));
        match request(&target, headers.clone(), TIMEOUT, None, on_response) {
            Ok(in_flight) => self.in_flight = Some(in_flight),
            Err(error) => {
                self.result = Some(Err(error));
                self.update_view(ctx.props());
            }
        }
    }

    fn update_view(&mut self, props: &HistoryPageProps) {
        let view =
            self.result.as_ref().map(|result| HistoryPageView::new(result, &props.messages, &self.intl));
        self.view = view.unwrap_or_default();
    }
}
