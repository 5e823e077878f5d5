/**
 * A proxy between browser and server, such as stands in offices: it can refuse WebSockets, hold
 * back streams, cut requests that take long, and lose answers.
 */
import { once } from "node:events";
import { createServer, request } from "node:http";
import { connect } from "node:net";

/** @param {import("node:http").IncomingMessage} from */
const isSend = (from) => from.method === "POST" && /\/conversations\/\d+\/messages$/.test(from.url ?? "");

/** @param {import("node:http").IncomingMessage} from */
const isUpload = (from) => from.method === "PATCH" && /\/uploads\/[^/]+$/.test(from.url ?? "");

export class Obstacles {
  /** @param {string} target the server's address */
  constructor(target) {
    this.target = new URL(target);
    /** Upgrades are answered with 403. */
    this.websocket = false;
    /** Streams are held back whole, as a proxy that buffers does. */
    this.sse = false;
    /** Parked requests are cut, as a proxy with a short patience does. */
    this.longPoll = false;
    /** Messages are refused with 503 before the server hears of them. */
    this.refuseSends = false;
    /** Answers to messages sent are lost this many times; the server has heard them. */
    this.loseAnswers = 0;
    /** The connection breaks in the middle of a file, this many times. */
    this.breakUploads = 0;
    /** Bytes of files are kept back until `letUploadsGo`. */
    this.holdUploads = false;
    /** @type {Set<() => void>} */
    this.held = new Set();
    /** @type {Set<import("node:net").Socket>} */
    this.sockets = new Set();
    this.server = createServer((from, to) => this.#forward(from, to));
    this.server.on("upgrade", (from, socket, head) => this.#upgrade(from, socket, head));
    this.server.on("connection", (socket) => this.#keep(socket));
  }

  /** @param {string} target */
  static async start(target) {
    const proxy = new Obstacles(target);
    proxy.server.listen(0, "127.0.0.1");
    await once(proxy.server, "listening");
    return proxy;
  }

  get url() {
    const { port } = /** @type {import("node:net").AddressInfo} */ (this.server.address());
    return `http://127.0.0.1:${port}`;
  }

  /** Cuts every connection there is; new ones find the obstacles as they are now. */
  cut() {
    for (const socket of this.sockets) socket.destroy();
  }

  letUploadsGo() {
    this.holdUploads = false;
    for (const go of this.held) go();
    this.held.clear();
  }

  stop() {
    this.server.close();
    this.cut();
  }

  #keep(/** @type {import("node:net").Socket} */ socket) {
    this.sockets.add(socket);
    socket.on("close", () => this.sockets.delete(socket));
    // Ends of connections are part of the story.
    socket.on("error", () => {});
  }

  /**
   * @param {import("node:http").IncomingMessage} from
   * @param {import("node:http").ServerResponse} to
   */
  #forward(from, to) {
    const path = from.url ?? "/";
    if (this.longPoll && /\/events\?.*\bwait=/.test(path)) {
      to.writeHead(504).end();
      return;
    }
    if (this.refuseSends && isSend(from)) {
      to.writeHead(503).end();
      return;
    }
    const { hostname, port } = this.target;
    const onward = request({ hostname, port, path, method: from.method, headers: from.headers });
    onward.on("response", (answer) => this.#answer(from, answer, to));
    onward.on("error", () => to.destroy());
    to.on("close", () => onward.destroy());
    if (isUpload(from)) this.#carry(from, onward);
    else from.pipe(onward);
  }

  /**
   * @param {import("node:http").IncomingMessage} from
   * @param {import("node:http").ClientRequest} onward
   */
  #carry(from, onward) {
    const go = () => from.pipe(onward);
    if (this.breakUploads > 0) {
      this.breakUploads -= 1;
      let left = Number(from.headers["content-length"]) / 2;
      from.on("data", (/** @type {Buffer} */ chunk) => {
        onward.write(chunk);
        left -= chunk.length;
        if (left <= 0) onward.end(() => from.destroy());
      });
    } else if (this.holdUploads) this.held.add(go);
    else go();
  }

  /**
   * @param {import("node:http").IncomingMessage} from
   * @param {import("node:http").IncomingMessage} answer
   * @param {import("node:http").ServerResponse} to
   */
  #answer(from, answer, to) {
    if (this.sse && from.url?.includes("/events/stream")) return;
    if (this.loseAnswers > 0 && isSend(from)) {
      this.loseAnswers -= 1;
      to.destroy();
      return;
    }
    to.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(to);
    answer.on("error", () => to.destroy());
  }

  /**
   * @param {import("node:http").IncomingMessage} from
   * @param {import("node:stream").Duplex} socket
   * @param {Buffer} head
   */
  #upgrade(from, socket, head) {
    if (this.websocket) {
      socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    const onward = connect(Number(this.target.port), this.target.hostname, () => {
      const lines = [`${from.method} ${from.url} HTTP/1.1`];
      for (let i = 0; i < from.rawHeaders.length; i += 2) {
        lines.push(`${from.rawHeaders[i]}: ${from.rawHeaders[i + 1]}`);
      }
      onward.write(`${lines.join("\r\n")}\r\n\r\n`);
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    this.#keep(onward);
    onward.on("close", () => socket.destroy());
    socket.on("close", () => onward.destroy());
  }
}
