/** Tests speak English. */
import { loadPart, loadWords } from "./i18n.svelte";

await loadWords("en");
await loadPart("forum");
await loadPart("admin");
