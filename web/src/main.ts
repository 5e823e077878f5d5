/** The client starts here. */
import { mount, tick } from "svelte";
import App from "./app/App.svelte";
import "./app/base.css";
import { isOpen, match } from "./app/routes";
import { session } from "./app/session.svelte";
import { firstData } from "./app/takeover";
import { loadWords } from "./i18n/i18n.svelte";

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no #app");
const drawn = target.childElementCount > 0 && isOpen(match(location.pathname).name);
// Other places have a plain form there, for browsers without JavaScript.
if (!drawn) target.replaceChildren();
void session.start();
void loadWords().then(() => (drawn ? takeOver(target) : mount(App, { target })));

async function takeOver(target: HTMLElement): Promise<void> {
  const place = document.createElement("div");
  place.className = "taken-over";
  mount(App, { target: place });
  await firstData();
  await tick();
  target.replaceChildren(place);
}
