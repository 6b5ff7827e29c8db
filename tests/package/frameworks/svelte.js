import { mount } from "svelte";
import "./card.js";
import App from "./App.svelte";

mount(App, { target: document.body });
