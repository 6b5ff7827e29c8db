//! A shadow root for other components, as some panels have around each of their parts.

use web_sys::{Element, ShadowRootInit, ShadowRootMode};
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(crate) struct Props {
    pub(crate) children: Html,
}

/// Renders its children into a shadow root.
#[component]
pub(crate) fn Shadow(props: &Props) -> Html {
    let host = use_node_ref();
    let inside = use_state(|| None);
    {
        let (host, inside) = (host.clone(), inside.clone());
        use_effect_with((), move |()| inside.set(host.cast::<Element>().and_then(|host| attach(&host))));
    }
    html! {
        <div ref={host}>
            { inside.as_ref().map(|inside| create_portal(props.children.clone(), inside.clone())).unwrap_or_default() }
        </div>
    }
}

fn attach(host: &Element) -> Option<Element> {
    let root = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open)).ok()?;
    let inside = host.owner_document()?.create_element("div").ok()?;
    root.append_child(&inside).ok()?;
    Some(inside)
}
