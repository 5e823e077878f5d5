/**
 * The real binary on a free port with a data folder of its own. It can be killed and started
 * again on the same port, as a machine does; it is ended by its process id.
 *
 * On SQLite, or, where `ROOKERY_TEST_POSTGRES_URL` names a server, on a new database there:
 * `cargo xtask postgres -- node --test tests/friends.test.mjs`.
 */
import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** A server that is not ready after this long has failed. */
const READY_MS = 20_000;
/** How often `/readyz` is asked. */
const LOOK_MS = 50;
/** Graceful shutdown takes at most 5 s; more is a failure. */
const STOP_MS = 8_000;
/** Output kept for the report of a failure. */
const MAX_OUTPUT = 64 * 1024;

/** `postgres://…` of a server's maintenance database, if browsers are to meet PostgreSQL. */
const POSTGRES = process.env.ROOKERY_TEST_POSTGRES_URL;

/** Has PostgreSQL do something. @param {string} sql */
async function ask(sql) {
  await promisify(execFile)("psql", ["--no-psqlrc", "--quiet", "--command", sql, POSTGRES ?? ""]);
}

/** A port that was free a moment ago. */
async function freePort() {
  const probe = createServer();
  probe.listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (probe.address());
  probe.close();
  await once(probe, "close");
  return port;
}

export class Server {
  /**
   * @param {string} folder
   * @param {number} port
   * @param {Record<string, string>} environment
   */
  constructor(folder, port, environment) {
    this.folder = folder;
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    /** What the server has printed, the newest part. */
    this.output = "";
    this.environment = environment;
    /** The database on PostgreSQL; empty on SQLite. */
    this.database = "";
    /** @type {import("node:child_process").ChildProcess | undefined} */
    this.process = undefined;
  }

  /**
   * Starts a server with an empty data folder and waits until it can serve.
   * @param {Record<string, string>} [environment] further settings, as environment variables
   */
  static async start(environment = {}) {
    const folder = await mkdtemp(join(tmpdir(), "rookery-e2e-"));
    const server = new Server(folder, await freePort(), environment);
    try {
      if (POSTGRES) await server.makeDatabase(POSTGRES);
      await server.run();
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  /** @param {string} postgres */
  async makeDatabase(postgres) {
    this.database = `e2e_${randomBytes(8).toString("hex")}`;
    await ask(`CREATE DATABASE ${this.database}`);
    const url = new URL(postgres);
    url.pathname = `/${this.database}`;
    this.environment = { ROOKERY_DATABASE_URL: url.href, ...this.environment };
  }

  /** Starts the binary, on the same port and folder each time. */
  async run() {
    const binary = process.env.ROOKERY_BIN;
    if (!binary) throw new Error("ROOKERY_BIN names the binary; run `cargo xtask test e2e`");
    this.process = spawn(binary, [], {
      cwd: this.folder,
      env: {
        PATH: process.env.PATH,
        HOME: this.folder,
        ROOKERY_LISTEN: `127.0.0.1:${this.port}`,
        ROOKERY_DATA_DIR: join(this.folder, "data"),
        // Many people register from one address here; the limits have tests of their own.
        ROOKERY_RATE_LIMIT: "off",
        ...this.environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const keep = (/** @type {Buffer} */ chunk) => {
      this.output = (this.output + chunk).slice(-MAX_OUTPUT);
    };
    this.process.stdout?.on("data", keep);
    this.process.stderr?.on("data", keep);
    await this.ready();
  }

  /** Waits until `/readyz` says yes. */
  async ready() {
    const deadline = Date.now() + READY_MS;
    while (Date.now() < deadline) {
      if (this.process?.exitCode !== null) break;
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
      await answer?.arrayBuffer();
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    await this.end("SIGKILL");
    throw new Error(`the server did not become ready:\n${this.output}`);
  }

  /** Power loss: no time to tidy up. */
  async kill() {
    await this.end("SIGKILL");
  }

  /** Asks it to end, as an operator does, and requires that it ends in time and well. */
  async shutDown() {
    const code = await this.end("SIGTERM");
    if (code !== 0) throw new Error(`the server ended with ${code}:\n${this.output}`);
  }

  /** Ends it for good and removes its data. */
  async stop() {
    await this.end("SIGKILL");
    await rm(this.folder, { recursive: true, force: true });
    if (this.database) await ask(`DROP DATABASE ${this.database} WITH (FORCE)`);
    this.database = "";
  }

  /**
   * @param {NodeJS.Signals} signal
   * @returns {Promise<number | string | null>} the exit code, or the signal that ended it
   */
  async end(signal) {
    const child = this.process;
    if (!child) return null;
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      child.kill(signal);
      const late = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      await ended;
      clearTimeout(late);
    }
    return child.exitCode ?? child.signalCode;
  }

  /** The one-time link that makes the first admin, from the start-up output. */
  setupToken() {
    const found = /\/setup#token=([\w-]+)/.exec(this.output);
    if (!found) throw new Error(`no one-time link was printed:\n${this.output}`);
    return found[1];
  }
}
