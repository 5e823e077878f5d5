/** The client starts here. */
import { mount } from "svelte";
import App from "./app/App.svelte";
import "./app/base.css";
import { session } from "./app/session.svelte";
import { loadWords } from "./i18n/i18n.svelte";

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no #app");
// The server puts a plain form there, for browsers without JavaScript.
target.replaceChildren();
void session.start();
void loadWords().then(() => mount(App, { target }));
