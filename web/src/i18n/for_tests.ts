/** Tests speak English. */
import { loadWords } from "./i18n.svelte";

await loadWords("en");
