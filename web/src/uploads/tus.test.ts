import { beforeEach, describe, expect, test, vi } from "vitest";
import { Problem } from "../api/problem";
import { FakeServer } from "./fake_server";
import type { Try } from "./queue";

const ENDPOINT = "http://chat.test/api/v1/uploads";

class FakeStorage {
  [key: string]: unknown;
  get length() {
    return Object.keys(this).length;
  }
  key(index: number) {
    return Object.keys(this)[index] ?? null;
  }
  getItem(key: string) {
    return (this[key] as string | undefined) ?? null;
  }
  setItem(key: string, value: string) {
    this[key] = value;
  }
  removeItem(key: string) {
    delete this[key];
  }
}

const bytes = (size: number) => Uint8Array.from({ length: size }, (_, i) => i % 251);
const fileOf = (size: number, name = "图 one.bin") => new File([bytes(size)], name, { lastModified: 5 });

async function world(account = 1) {
  const { transfer } = await import("./tus");
  const server = new FakeServer(ENDPOINT);
  const claimed = new Set<string>();
  const names: string[] = [];
  const around = {
    endpoint: ENDPOINT,
    csrfToken: () => "the-token",
    claim: (url: string) => {
      if (claimed.has(url)) return Promise.resolve(null);
      claimed.add(url);
      return Promise.resolve(() => void claimed.delete(url));
    },
    account,
    httpStack: server,
  };
  const run = (file: File, upload_id?: string, signal = new AbortController().signal) => {
    const attempt: Try = {
      key: "k",
      file,
      upload_id,
      created: (id) => void names.push(id),
      progress: () => {},
      signal,
    };
    return transfer(attempt, around);
  };
  return { server, run, names, claimed };
}

beforeEach(() => {
  vi.stubGlobal("localStorage", new FakeStorage());
  vi.stubGlobal("window", globalThis);
  vi.stubGlobal("XMLHttpRequest", class {});
});

describe("carrying a file by tus", () => {
  test("all of it arrives, under its name, with the token", async () => {
    const w = await world();
    const id = await w.run(fileOf(1_000));
    expect(id).toBe("up1");
    expect(w.server.uploads.get("up1")?.bytes).toEqual([...bytes(1_000)]);
    expect(w.server.headers[0]).toMatchObject({ "X-CSRFToken": "the-token", "Tus-Resumable": "1.0.0" });
    const [name = ""] = [w.server.uploads.get("up1")?.name];
    expect(new TextDecoder().decode(Uint8Array.from(name, (c) => c.charCodeAt(0)))).toBe("图 one.bin");
    expect(w.names).toEqual(["up1"]);
  });

  test("a broken connection is a problem that passes, and the next try goes on where it stood", async () => {
    const w = await world();
    w.server.breaks = 1;
    const broken = await w.run(fileOf(1_000)).catch((error: unknown) => error);
    expect(broken).toBeInstanceOf(Problem);
    expect((broken as Problem).transient).toBe(true);
    expect(await w.run(fileOf(1_000), "up1")).toBe("up1");
    expect(w.server.requests).toEqual(["POST ", "PATCH /up1", "HEAD /up1", "PATCH /up1"]);
    expect(w.server.headers.at(-1)?.["Upload-Offset"]).toBe("500");
    expect(w.server.uploads.get("up1")?.bytes).toEqual([...bytes(1_000)]);
  });

  test("after a reload the same file, chosen once more, is gone on with", async () => {
    const w = await world();
    w.server.breaks = 1;
    await w.run(fileOf(1_000)).catch(() => {});
    expect(await w.run(fileOf(1_000))).toBe("up1");
    expect(w.server.uploads.size).toBe(1);
    expect(await w.run(fileOf(1_000)), "once it is there it is forgotten").toBe("up2");
  });

  test("nobody goes on with what another tab carries, or another account began", async () => {
    const w = await world();
    w.server.breaks = 1;
    await w.run(fileOf(1_000)).catch(() => {});
    w.claimed.add(`${ENDPOINT}/up1`);
    expect(await w.run(fileOf(1_000))).toBe("up2");
    await expect(w.run(fileOf(1_000), "up1")).rejects.toMatchObject({ status: 423 });
    w.claimed.clear();
    const other = await world(2);
    expect(await other.run(fileOf(1_000))).toBe("up1");
    expect(other.server.requests[0]).toBe("POST ");
  });

  test("what the server has thrown away is begun anew", async () => {
    const w = await world();
    expect(await w.run(fileOf(10), "gone")).toBe("up1");
    expect(w.server.requests).toEqual(["HEAD /gone", "POST ", "PATCH /up1"]);
  });

  test("a refusal comes with the server's reason", async () => {
    const w = await world();
    w.server.refuse = { status: 413, body: { code: "too_large" } };
    await expect(w.run(fileOf(10))).rejects.toMatchObject({ code: "too_large", status: 413 });
    w.server.refuse = { status: 401, body: { code: "unauthenticated" } };
    await expect(w.run(fileOf(10), "up9")).rejects.toMatchObject({ code: "unauthenticated" });
    expect(w.server.requests.at(-1), "nothing new is begun").toBe("HEAD /up9");
  });

  test("a cancelled try ends and lets go", async () => {
    const w = await world();
    const abort = new AbortController();
    abort.abort();
    await expect(w.run(fileOf(10), undefined, abort.signal)).rejects.toBeInstanceOf(Problem);
    expect(w.claimed.size).toBe(0);
  });
});
