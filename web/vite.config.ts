import { readFileSync } from "node:fs";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { emojiData } from "./vite_emoji";

/** Loads `src/app/theme_boot.js` as a blocking, hashed script: the theme stands before the first paint, without an inline script. */
function themeBoot(): Plugin {
  const source = "src/app/theme_boot.js";
  let reference = "";
  let serving = false;
  return {
    name: "theme-boot",
    configResolved: (config) => void (serving = config.command === "serve"),
    buildStart() {
      if (serving) return;
      const text = readFileSync(source, "utf8").replace(/^\s*\/\/.*\n/gm, "");
      reference = this.emitFile({ type: "asset", name: "theme_boot.js", source: text });
    },
    transformIndexHtml: {
      order: "post",
      handler(_html, context) {
        const name = context.bundle
          ? Object.values(context.bundle).find(
              (file) => file.type === "asset" && file.names.includes("theme_boot.js"),
            )?.fileName
          : source;
        if (!name) throw new Error(`theme_boot.js was not emitted (${reference})`);
        return [{ tag: "script", attrs: { src: `/${name}` }, injectTo: "head-prepend" }];
      },
    },
  };
}

export default defineConfig({
  plugins: [svelte(), themeBoot(), emojiData()],
  build: {
    target: "es2022",
    // Nothing may become a data: URI; the content security policy allows files of this origin only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { "/api": { target: process.env.ROOKERY_API ?? "http://127.0.0.1:8080", ws: true } } },
  test: {
    include: ["src/**/*.test.ts"],
    environment: "node",
    setupFiles: ["src/i18n/for_tests.ts"],
    // What browsers get, also here.
    alias: { "tus-js-client": "tus-js-client/lib.esm/browser/index.js" },
    server: { deps: { inline: ["tus-js-client"] } },
  },
});
