import { mount } from "svelte";

import css from "../card.css";
import Card from "./Card.svelte";

document.head.append(Object.assign(document.createElement("style"), { textContent: css }));
for (const target of document.querySelectorAll(".balance")) mount(Card, { target, props: { url: target.dataset.url } });
