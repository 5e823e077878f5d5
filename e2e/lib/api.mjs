/**
 * A person who uses the HTTP API as a browser does, with cookie and CSRF token, to set a story
 * up quickly. What a story is about is done in the browser, not here.
 */
import assert from "node:assert/strict";

const PASSWORD = "correct horse battery staple";

export class Api {
  /** @param {string} origin */
  constructor(origin) {
    this.origin = origin;
    /** @type {Map<string, string>} */
    this.cookies = new Map();
    this.csrf = "";
    /** @type {{id: number, username: string, name: string} | null} */
    this.user = null;
    this.password = PASSWORD;
    this.said = 0;
  }

  /**
   * Registers a new account and stays logged in.
   * @param {string} origin
   * @param {string} username
   * @param {{name?: string, setup_token?: string}} [more]
   */
  static async register(origin, username, more = {}) {
    const api = new Api(origin);
    const answer = await api.post("/accounts", { username, password: PASSWORD, ...more });
    api.user = answer.user;
    api.csrf = answer.csrf_token;
    return api;
  }

  /** @param {string} path @returns {Promise<any>} */
  get(path) {
    return this.call("GET", path);
  }

  /** @param {string} path @param {unknown} [body] @returns {Promise<any>} */
  post(path, body) {
    return this.call("POST", path, body);
  }

  /** @param {string} path @param {unknown} [body] @returns {Promise<any>} */
  put(path, body) {
    return this.call("PUT", path, body);
  }

  /** @param {string} path @param {unknown} body @returns {Promise<any>} */
  patch(path, body) {
    return this.call("PATCH", path, body);
  }

  /**
   * Says something, as this person.
   * @param {number} conversation
   * @param {string} text
   */
  say(conversation, text) {
    const client_id = `e2e-${++this.said}`;
    return this.post(`/conversations/${conversation}/messages`, { client_id, text });
  }

  /**
   * Uploads a file, and answers with the upload's id.
   * @param {string} name
   * @param {Buffer} bytes
   * @returns {Promise<string>}
   */
  async upload(name, bytes) {
    const metadata = `filename ${Buffer.from(name).toString("base64")}`;
    const begin = { "Tus-Resumable": "1.0.0", "Upload-Length": `${bytes.length}`, "Upload-Metadata": metadata };
    const place = (await this.#send("POST", "/uploads", begin)).headers.get("location") ?? "";
    const id = place.slice(place.lastIndexOf("/") + 1);
    const type = "application/offset+octet-stream";
    const carry = { "Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": type };
    await this.#send("PATCH", `/uploads/${id}`, carry, bytes);
    return id;
  }

  /**
   * Sends files, as this person.
   * @param {number} conversation
   * @param {string} text
   * @param {{name: string, bytes: Buffer, voice?: {duration_ms: number, waveform: number[]}}[]} files
   */
  async give(conversation, text, files) {
    const attachments = [];
    for (const { name, bytes, voice } of files) {
      attachments.push({ upload_id: await this.upload(name, bytes), ...(voice && { voice }) });
    }
    const client_id = `e2e-${++this.said}`;
    return this.post(`/conversations/${conversation}/messages`, { client_id, text, attachments });
  }

  /** @param {string} path @returns {Promise<any>} */
  delete(path) {
    return this.call("DELETE", path);
  }

  /**
   * Uploads a picture as it is.
   * @param {string} path
   * @param {Buffer} bytes of a PNG file
   */
  putPicture(path, bytes) {
    return this.call("PUT", path, bytes, "image/png");
  }

  /**
   * One call below `/api/v1`; anything but success is an error that carries the problem.
   * @param {string} method
   * @param {string} path
   * @param {unknown} [body]
   * @param {string} [type] of the body; without it the body is sent as JSON
   * @returns {Promise<any>} the answer's JSON, `null` where there is none
   */
  async call(method, path, body, type) {
    const headers = body === undefined ? {} : { "Content-Type": type ?? "application/json" };
    const bytes = body === undefined || type ? body : JSON.stringify(body);
    const answer = await this.#send(method, path, headers, /** @type {Buffer | string} */ (bytes));
    const text = await answer.text();
    return text === "" ? null : JSON.parse(text);
  }

  /**
   * One request below `/api/v1` with cookie and token; anything but success is an error.
   * @param {string} method
   * @param {string} path
   * @param {Record<string, string>} headers
   * @param {Buffer | string} [body]
   */
  async #send(method, path, headers, body) {
    /** @type {Record<string, string>} */
    const all = { Origin: this.origin, ...headers };
    if (this.csrf) all["X-CSRFToken"] = this.csrf;
    if (this.cookies.size > 0) {
      all.Cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    }
    const answer = await fetch(`${this.origin}/api/v1${path}`, {
      method,
      headers: all,
      ...(body === undefined ? {} : { body }),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (name !== undefined && value !== undefined) this.cookies.set(name, value);
    }
    if (!answer.ok) assert.fail(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  /** Gives this login to a browser. @param {import("./browser.mjs").Person} person */
  async lend(person) {
    await person.context.addCookies(
      [...this.cookies].map(([name, value]) => ({ name, value, url: person.origin })),
    );
  }
}

/**
 * Makes two people friends and answers with the id of their conversation.
 * @param {Api} one
 * @param {Api} other
 * @returns {Promise<number>}
 */
export async function befriend(one, other) {
  await one.post("/friend_requests", { user_id: other.user?.id });
  await other.post("/friend_requests", { user_id: one.user?.id });
  const conversation = await one.post("/conversations", { user_id: other.user?.id });
  return conversation.id;
}
