import { afterEach, expect, test, vi } from "vitest";
import { http, setCsrfToken, unwrap, whenTokenIsOld } from "./client";

afterEach(() => vi.unstubAllGlobals());

/** A server that takes one token, and what it was sent. */
function serverTaking(token: string) {
  const sent: { token: string | null; body: string }[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const given = request.headers.get("X-CSRFToken");
    sent.push({ token: given, body: await request.text() });
    if (given === token) return new Response(null, { status: 204 });
    return Response.json({ code: "csrf_failed" }, { status: 403 });
  });
  return sent;
}

const logIn = () => unwrap(http.POST("/api/v1/session", { body: { username: "ann", password: "secret" } }));

test("a write whose token is of an earlier session is sent once more, with the new one", async () => {
  const sent = serverTaking("new");
  setCsrfToken("old");
  whenTokenIsOld(() => {
    setCsrfToken("new");
    return Promise.resolve(true);
  });
  await logIn();
  expect(sent.map(({ token }) => token)).toEqual(["old", "new"]);
  expect(sent[1]?.body).toBe(sent[0]?.body);
  expect(sent[0]?.body).toContain("ann");
});

test("it is sent no third time, and not at all for somebody else", async () => {
  const sent = serverTaking("nobody's");
  whenTokenIsOld(() => Promise.resolve(true));
  await expect(logIn()).rejects.toMatchObject({ code: "csrf_failed" });
  expect(sent).toHaveLength(2);
  whenTokenIsOld(() => Promise.resolve(false));
  await expect(logIn()).rejects.toMatchObject({ code: "csrf_failed" });
  expect(sent).toHaveLength(3);
});
