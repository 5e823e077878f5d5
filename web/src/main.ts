/** The client starts here. */
import { mount } from "svelte";
import App from "./app/App.svelte";
import "./app/base.css";
import { session } from "./app/session.svelte";

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no #app");
// The server puts a plain form there, for browsers without JavaScript.
target.replaceChildren();
mount(App, { target });
void session.start();
