//! What a click on the card can do.

/// An action, named by the `data-action` attribute of the element that triggers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// Request a fresh balance.
    Refresh,
    /// Open the top-up page, unless the host page prevents it.
    TopUp,
    /// Copy the details for support.
    Copy,
    /// Fill the details of the history, which the browser opens.
    History,
}

impl Action {
    /// The attribute that names the action.
    pub(crate) const ATTRIBUTE: &str = "data-action";

    /// The value of the attribute.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Refresh => "refresh",
            Self::TopUp => "top-up",
            Self::Copy => "copy",
            Self::History => "history",
        }
    }

    /// The action with this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Refresh, Self::TopUp, Self::Copy, Self::History]
            .into_iter()
            .find(|action| action.as_str() == name)
    }
}
