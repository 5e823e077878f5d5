import { expect, test } from "vitest";
import { Problem, problemOf, retryAfter } from "./problem";

test("a problem document is read as it is", async () => {
  const response = new Response(null, { status: 429, headers: { "Retry-After": "3" } });
  const problem = await problemOf(response, {
    code: "rate_limited",
    detail: "slow down",
    errors: { name: "long" },
  });
  expect(problem).toMatchObject({
    code: "rate_limited",
    status: 429,
    retryAfter: 3000,
    errors: { name: "long" },
  });
});

test("an answer that is no problem document still has a code", async () => {
  expect(await problemOf(new Response(null, { status: 502 }), "<html>")).toMatchObject({
    code: "status_502",
  });
});

test("what may succeed later is told from what will not", () => {
  for (const status of [0, 429, 500, 502, 503])
    expect(new Problem("x", status).transient, `${status}`).toBe(true);
  for (const status of [400, 401, 403, 404, 409, 413, 422, 507])
    expect(new Problem("x", status).transient).toBe(false);
});

test("waits are believed up to five minutes", () => {
  expect(retryAfter(null)).toBeNull();
  expect(retryAfter("soon")).toBeNull();
  expect(retryAfter("9999999")).toBe(300_000);
});
