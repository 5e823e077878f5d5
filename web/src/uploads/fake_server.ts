/** A tus server in memory, as far as the client can see one; for tests. It can break connections and refuse. */
import type { HttpRequest, HttpResponse, HttpStack } from "tus-js-client";

interface Stored {
  size: number;
  bytes: number[];
  name: string;
}

export class FakeServer implements HttpStack {
  uploads = new Map<string, Stored>();
  requests: string[] = [];
  headers: Record<string, string>[] = [];
  /** The connection breaks in the middle of the next so many requests that carry bytes. */
  breaks = 0;
  /** What the next request is answered with instead. */
  refuse: { status: number; body: unknown } | null = null;
  #ids = 0;

  constructor(readonly endpoint: string) {}

  getName(): string {
    return "FakeServer";
  }

  createRequest(method: string, url: string): HttpRequest {
    const headers: Record<string, string> = {};
    return {
      getMethod: () => method,
      getURL: () => url,
      setHeader: (name, value) => void (headers[name] = value),
      getHeader: (name) => headers[name],
      setProgressHandler: () => {},
      abort: () => Promise.resolve(),
      getUnderlyingObject: () => null,
      send: async (body: Blob | null) => {
        this.requests.push(`${method} ${url.slice(this.endpoint.length)}`);
        this.headers.push(headers);
        const bytes = body ? [...new Uint8Array(await body.arrayBuffer())] : [];
        return this.#answer(method, url, headers, bytes);
      },
    };
  }

  #answer(method: string, url: string, headers: Record<string, string>, bytes: number[]): HttpResponse {
    if (this.refuse) {
      const { status, body } = this.refuse;
      this.refuse = null;
      return answer(status, {}, JSON.stringify(body));
    }
    if (method === "POST") {
      const id = `up${++this.#ids}`;
      const name = atob((headers["Upload-Metadata"] ?? "").replace("filename ", ""));
      this.uploads.set(id, { size: Number(headers["Upload-Length"]), bytes: [], name });
      return answer(201, { Location: new URL(`${this.endpoint}/${id}`).pathname });
    }
    const upload = this.uploads.get(url.slice(url.lastIndexOf("/") + 1));
    if (!upload) return answer(404, {});
    if (method === "HEAD") {
      return answer(200, { "Upload-Offset": `${upload.bytes.length}`, "Upload-Length": `${upload.size}` });
    }
    if (Number(headers["Upload-Offset"]) !== upload.bytes.length) return answer(409, {});
    if (this.breaks > 0) {
      this.breaks -= 1;
      upload.bytes.push(...bytes.slice(0, Math.floor(bytes.length / 2)));
      throw new Error("the connection broke");
    }
    upload.bytes.push(...bytes);
    return answer(204, { "Upload-Offset": `${upload.bytes.length}` });
  }
}

function answer(status: number, headers: Record<string, string>, body = ""): HttpResponse {
  return {
    getStatus: () => status,
    getHeader: (name) => headers[name],
    getBody: () => body,
    getUnderlyingObject: () => null,
  };
}
