/** Keys for what is made once, however often it is asked for because no answer came. */
import { newId } from "../app/random";

/** The key of a request: the same for as long as the same is asked for. */
export function keys(): (body: unknown) => string {
  let last = "";
  let key = "";
  return (body) => {
    const text = JSON.stringify(body);
    if (text !== last) [last, key] = [text, newId()];
    return key;
  };
}
