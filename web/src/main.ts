/** The client starts here. */
import { mount } from "svelte";
import App from "./app/App.svelte";
import "./app/base.css";
import { isDrawn, match } from "./app/routes";
import { session } from "./app/session.svelte";
import { keepDrawn, takeOver } from "./app/takeover.svelte";
import { loadWords } from "./i18n/i18n.svelte";

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no #app");
// A form that the server has refused says so, and what was typed stands in it: it works as it is.
if (!target.querySelector(".doc form [role=alert]")) start(target);

function start(target: HTMLElement): void {
  const drawn = target.childElementCount > 0 && isDrawn(match(location.pathname).name);
  // Other places have a plain form there, for browsers without JavaScript.
  if (drawn) keepDrawn();
  else target.replaceChildren();
  void session.start();
  void loadWords().then(() => {
    if (!drawn) return mount(App, { target });
    const place = document.createElement("div");
    place.className = "taken-over";
    mount(App, { target: place });
    // The title has the site's name in it.
    return takeOver(target, place, session.loadSite());
  });
}
