//! What is published, and what is not.

use airalo_balance_sandbox::Scenario;

/// A request to the partner API.
pub(crate) enum Ask {
    /// `POST /v2/token` with these fields as a form.
    Token(&'static [(&'static str, &'static str)]),
    /// The same with valid credentials, for the fourth time within a minute.
    FourthToken,
    /// `GET /v2/balance`.
    Balance(Auth),
    /// `POST /v2/orders` for one eSIM of this package.
    Order(&'static str),
    /// This JSON to a path, with a token. In the JSON, `URL` is an address that takes webhooks.
    Post(&'static str, &'static str),
    /// `GET /v2/notifications/opt-in` of who has opted in to the notice of used credit.
    Notification,
}

pub(crate) enum Auth {
    None,
    MadeUp,
    Valid,
}

/// One published answer.
pub(crate) struct Fact {
    pub(crate) number: &'static str,
    pub(crate) page: &'static str,
    pub(crate) says: &'static str,
    pub(crate) scenario: Scenario,
    pub(crate) cents: i64,
    pub(crate) ask: Ask,
    pub(crate) status: u16,
    /// Headers and how their values begin.
    pub(crate) headers: &'static [(&'static str, &'static str)],
    /// JSON, or else the whole text.
    pub(crate) answer: &'static str,
}

const TOKEN_PAGE: &str = "Request access token";
const BALANCE_PAGE: &str = "Get balance";
const ERRORS_PAGE: &str = "Error handling";
const LIMITS_PAGE: &str = "Rate limits";
const ALLOWLIST_PAGE: &str = "IP allowlist";
const SANDBOX_PAGE: &str = "Sandbox mode";
const WEBHOOK_PAGE: &str = "Webhook definition";
const NOTICE_PAGE: &str = "Credit limit notification";
const SIMULATOR_PAGE: &str = "Webhook simulator";
const CHANGES_PAGE: &str = "api-evangelist/airalo, lifecycle";

const GRANT: (&str, &str) = ("grant_type", "client_credentials");
const ID: (&str, &str) = ("client_id", "sandbox");
const SECRET: (&str, &str) = ("client_secret", "sandbox-secret");

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];
const TEXT: &[(&str, &str)] = &[("content-type", "text/plain")];

/// The start of most facts.
const PLAIN: Fact = Fact {
    number: "",
    page: "",
    says: "",
    scenario: Scenario::Normal,
    cents: 22_535,
    ask: Ask::Balance(Auth::Valid),
    status: 200,
    headers: &[],
    answer: "",
};

pub(crate) const FACTS: &[Fact] = &[
    Fact {
        number: "2.3",
        page: TOKEN_PAGE,
        says: "a token comes inside data, with its type and a lifetime of 31 622 400 s",
        ask: Ask::Token(&[ID, SECRET, GRANT]),
        headers: JSON,
        answer: r#"{"data":{"token_type":"Bearer","expires_in":31622400,"access_token":"<text>"},"meta":{"message":"success"}}"#,
        ..PLAIN
    },
    Fact {
        number: "2.6",
        page: TOKEN_PAGE,
        says: "an unknown client id is 422, and data is an object",
        ask: Ask::Token(&[("client_id", "unknown"), SECRET, GRANT]),
        status: 422,
        headers: JSON,
        answer: r#"{"data":{"client_id":"The selected client id is invalid."},"meta":{"message":"the parameter is invalid"}}"#,
        ..PLAIN
    },
    Fact {
        number: "2.6",
        page: TOKEN_PAGE,
        says: "a wrong secret is 401, and data is a list",
        ask: Ask::Token(&[ID, ("client_secret", "wrong"), GRANT]),
        status: 401,
        headers: JSON,
        answer: r#"{"data":[],"meta":{"message":"Client authentication failed"}}"#,
        ..PLAIN
    },
    invalid(
        "client_id is required",
        &[SECRET, GRANT],
        r#"{"data":{"client_id":"<text>"},"meta":{"message":"the parameter is invalid"}}"#,
    ),
    invalid(
        "client_secret is required",
        &[ID, GRANT],
        r#"{"data":{"client_secret":"<text>"},"meta":{"message":"the parameter is invalid"}}"#,
    ),
    invalid(
        "grant_type is required",
        &[ID, SECRET],
        r#"{"data":{"grant_type":"<text>"},"meta":{"message":"the parameter is invalid"}}"#,
    ),
    invalid(
        "grant_type is client_credentials",
        &[ID, SECRET, ("grant_type", "password")],
        r#"{"data":{"grant_type":"<text>"},"meta":{"message":"the parameter is invalid"}}"#,
    ),
    Fact {
        number: "2.5",
        page: LIMITS_PAGE,
        says: "three tokens a minute, and then 429 in plain words; the headers are published for the sandbox",
        ask: Ask::FourthToken,
        status: 429,
        headers: &[("retry-after", ""), ("x-ratelimit-limit", "3"), ("x-ratelimit-remaining", "0")],
        answer: "Too Many Attempts",
        ..PLAIN
    },
    Fact {
        number: "1.1",
        page: BALANCE_PAGE,
        says: "the published example: balances is one object, an amount of 0 has no decimals",
        cents: 0,
        headers: TEXT,
        answer: r#"{"data":{"balances":{"name":"balance","availableBalance":{"amount":0,"currency":"USD"}}},"meta":{"message":"success"}}"#,
        ..PLAIN
    },
    Fact {
        number: "1.2",
        page: BALANCE_PAGE,
        says: "an amount of whole dollars is an integer",
        cents: 10_000,
        answer: r#"{"data":{"balances":{"name":"balance","availableBalance":{"amount":100,"currency":"USD"}}},"meta":{"message":"success"}}"#,
        ..PLAIN
    },
    Fact {
        number: "5.3",
        page: WEBHOOK_PAGE,
        says: "an amount of money may have decimals, as the remaining credit of the webhook has",
        answer: r#"{"data":{"balances":{"name":"balance","availableBalance":{"amount":225.35,"currency":"USD"}}},"meta":{"message":"success"}}"#,
        ..PLAIN
    },
    Fact {
        number: "1.4",
        page: BALANCE_PAGE,
        says: "without an account there is an empty list for the accounts",
        scenario: Scenario::NoAccountAccounts,
        answer: r#"{"data":{"accounts":[]},"meta":{"message":"success"}}"#,
        ..PLAIN
    },
    Fact {
        number: "1.11",
        page: CHANGES_PAGE,
        says: "attributes may be added at any time",
        scenario: Scenario::UnknownFields,
        answer: include_str!("../../../contract/balance-unknown-fields.json"),
        ..PLAIN
    },
    Fact {
        number: "4.3",
        page: ERRORS_PAGE,
        says: "a request without a token is 401, and data is a list",
        ask: Ask::Balance(Auth::None),
        status: 401,
        answer: r#"{"data":[],"meta":{"message":"Authentication failed. …"}}"#,
        ..PLAIN
    },
    Fact {
        number: "4.3",
        page: ERRORS_PAGE,
        says: "an unknown token is 401, with the advice to get a new one",
        ask: Ask::Balance(Auth::MadeUp),
        status: 401,
        answer: r#"{"data":[],"meta":{"message":"Authentication failed. …"}}"#,
        ..PLAIN
    },
    Fact {
        number: "2.8",
        page: ALLOWLIST_PAGE,
        says: "an address that is not on the list is 403 with code 89",
        scenario: Scenario::AddressRefused,
        status: 403,
        answer: r#"{"code":89,"reason":"<text>"}"#,
        ..PLAIN
    },
    Fact {
        number: "4.1",
        page: ERRORS_PAGE,
        says: "an order beyond the credit is 422 with code 11 and how much is missing",
        cents: 100,
        ask: Ask::Order("change-7days-1gb"),
        status: 422,
        answer: r#"{"code":11,"reason":"Insufficient Airalo Credit: …"}"#,
        ..PLAIN
    },
    order(
        "a test package runs out of credit",
        "test-insufficient-balance-7days-1gb",
        r#"{"code":11,"reason":"<text>"}"#,
    ),
    order(
        "a test package is in maintenance",
        "test-maintenance-mode-7days-1gb",
        r#"{"code":13,"reason":"<text>"}"#,
    ),
    order(
        "a test package has no top-up",
        "test-disabled-top-up-7days-1gb",
        r#"{"code":23,"reason":"<text>"}"#,
    ),
    order("a test package is low in stock", "test-not-enough-7days-1gb", r#"{"code":33,"reason":"<text>"}"#),
    order(
        "a test package is out of stock",
        "test-out-of-stock-7days-1gb",
        r#"{"code":34,"reason":"<text>"}"#,
    ),
    Fact {
        number: "4.4",
        page: "Place order",
        says: "an invalid field is named in data, and the message says that a parameter is invalid",
        ask: Ask::Order(""),
        status: 422,
        answer: r#"{"data":{"package_id":"<text>"},"meta":{"message":"the parameter is invalid"}}"#,
        ..PLAIN
    },
    Fact {
        number: "4.8",
        page: ERRORS_PAGE,
        says: "500 may happen",
        scenario: Scenario::Error500,
        status: 500,
        answer: "Server Error",
        ..PLAIN
    },
    Fact {
        number: "4.8",
        page: ERRORS_PAGE,
        says: "502 may happen",
        scenario: Scenario::Html502,
        status: 502,
        answer: include_str!("../../../contract/invalid-html.json"),
        ..PLAIN
    },
    Fact {
        number: "4.8",
        page: ERRORS_PAGE,
        says: "503 may happen",
        scenario: Scenario::Error503,
        status: 503,
        answer: "Service Unavailable",
        ..PLAIN
    },
    Fact {
        number: "4.8",
        page: ERRORS_PAGE,
        says: "504 may happen",
        scenario: Scenario::Html504,
        status: 504,
        answer: include_str!("../../../contract/invalid-html.json"),
        ..PLAIN
    },
    Fact {
        number: "5.1",
        page: NOTICE_PAGE,
        says: "the answer to an opt-in has the type, the address and the levels",
        ask: Ask::Post(OPT_IN, r#"{"type":"webhook_credit_limit","webhook_url":"URL","levels":[50,90]}"#),
        answer: r#"{"data":{"notification":{"type":"webhook_credit_limit","contact_point":"http://…","levels":[50,90]}},"meta":{"message":"success"}}"#,
        ..PLAIN
    },
    Fact {
        number: "5.1",
        page: NOTICE_PAGE,
        says: "the levels may be left out",
        ask: Ask::Post(OPT_IN, r#"{"type":"webhook_credit_limit","webhook_url":"URL"}"#),
        answer: r#"{"data":{"notification":{"type":"webhook_credit_limit","contact_point":"http://…","levels":[50,70,80,90]}},"meta":{"message":"success"}}"#,
        ..PLAIN
    },
    Fact {
        number: "5.2",
        page: NOTICE_PAGE,
        says: "the same can be read at the same path",
        ask: Ask::Notification,
        answer: r#"{"data":{"notification":{"type":"webhook_credit_limit","contact_point":"http://…","levels":[50,70,80,90]}},"meta":{"message":"success"}}"#,
        ..PLAIN
    },
    Fact {
        number: "5.2",
        page: "Opt out",
        says: "an opt-out is answered with 204",
        ask: Ask::Post("/v2/notifications/opt-out", r#"{"type":"webhook_credit_limit"}"#),
        status: 204,
        ..PLAIN
    },
    Fact {
        number: "5.11",
        page: SIMULATOR_PAGE,
        says: "a webhook can be had without an opt-in, at any address, with the level as a text",
        ask: Ask::Post(
            SIMULATOR,
            r#"{"event":"credit_limit_notification","level":"80","webhook_url":"URL"}"#,
        ),
        answer: r#"{"success":"Notification sent"}"#,
        ..PLAIN
    },
    Fact {
        number: "5.11",
        page: SIMULATOR_PAGE,
        says: "the level may be a number, as in the examples",
        ask: Ask::Post(SIMULATOR, r#"{"event":"credit_limit_notification","level":50,"webhook_url":"URL"}"#),
        answer: r#"{"success":"Notification sent"}"#,
        ..PLAIN
    },
    Fact {
        number: "5.11",
        page: SIMULATOR_PAGE,
        says: "a notice of low data can be had too",
        ask: Ask::Post(
            SIMULATOR,
            r#"{"event":"low_data_notification","type":"data_75","iccid":"8997212330099025334","webhook_url":"URL"}"#,
        ),
        answer: r#"{"success":"Notification sent"}"#,
        ..PLAIN
    },
    Fact {
        number: "5.11",
        page: SIMULATOR_PAGE,
        says: "who has not opted in has to name an address",
        ask: Ask::Post(SIMULATOR, r#"{"event":"credit_limit_notification","level":"80"}"#),
        status: 400,
        answer: r#"{"error":"User is not opted in"}"#,
        ..PLAIN
    },
    Fact {
        number: "5.11",
        page: SIMULATOR_PAGE,
        says: "an address that takes no webhook is 400",
        ask: Ask::Post(
            SIMULATOR,
            r#"{"event":"credit_limit_notification","level":"80","webhook_url":"http://127.0.0.1:1/"}"#,
        ),
        status: 400,
        answer: r#"{"error":"Could not push data to http://127.0.0.1:1/"}"#,
        ..PLAIN
    },
    Fact {
        number: "5.11",
        page: SIMULATOR_PAGE,
        says: "an event that does not exist is 422, with those that do",
        ask: Ask::Post(SIMULATOR, r#"{"event":"credit"}"#),
        status: 422,
        answer: r#"{"data":{"event":"Event must be one of: low_data_notification, credit_limit_notification, async_order_notification"},"meta":{"message":"the parameter is invalid"}}"#,
        ..PLAIN
    },
];

const OPT_IN: &str = "/v2/notifications/opt-in";
const SIMULATOR: &str = "/v2/simulator/webhook";

const fn invalid(
    says: &'static str,
    form: &'static [(&'static str, &'static str)],
    answer: &'static str,
) -> Fact {
    Fact { number: "2.1", page: TOKEN_PAGE, says, ask: Ask::Token(form), status: 422, answer, ..PLAIN }
}

const fn order(says: &'static str, package: &'static str, answer: &'static str) -> Fact {
    Fact { number: "3", page: SANDBOX_PAGE, says, ask: Ask::Order(package), status: 422, answer, ..PLAIN }
}

/// What the stand-in does without being told by the description.
pub(crate) const UNDOCUMENTED: &[&str] = &[
    "1.2 an amount that is a decimal in the balance itself, a text, negative, or in another currency than USD",
    "1.4 balances, data or both as an empty list, as null or absent, where there is no account",
    "1.5 the real content type: text/plain is the older page's, */* the newer one's",
    "2.1 the words about a missing field; that an empty field counts as missing; the answer to JSON",
    "2.4 the real lifetime: the prose says a day, the example a year; the stand-in accepts a token for a day",
    "2.5 whether refused token requests count; here they do where the client is known",
    "2.8 the words of code 89, and whether the token call is refused too; here it is not",
    "4   a limit on GET /v2/balance, and Retry-After outside the sandbox; five requests a second there are not held here",
    "4.5 whether code and reason stand at the top or inside data; here at the top",
    "4.7 status 200 with a message other than success, for a balance",
    "4.8 the bodies of 5xx",
    "5.2 the answer about a notification where there is none: here data is an empty list",
    "5.4 of what credit a level is a part: here of the balance after the latest top-up, with which all levels can be passed again",
    "5.4 several levels that one order passes: here there is one webhook, for the highest",
    "5.9 the error where an address does not answer HEAD with 200, and of addresses that are refused: here only http on loopback is accepted",
    "5.11 the simulation of an async order: here the account is not configured for it",
    "methods and paths besides the published ones: here 405 and 404",
    "orders as multipart, which Airalo's examples use: the stand-in takes forms and JSON",
];
