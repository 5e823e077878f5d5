/** The client starts here. */
import { mount } from "svelte";
import App from "./app/App.svelte";
import "./app/base.css";
import { session } from "./app/session.svelte";

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no #app");
mount(App, { target });
void session.start();
