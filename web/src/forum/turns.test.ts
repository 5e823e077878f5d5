import { expect, test } from "vitest";
import { addressOf, turnOf } from "./turns";

test("an order and a page of comments have one address, as the server writes it", () => {
  for (const query of ["", "?sort=liked", "?before=a.1", "?sort=newest&before=a.1"]) {
    expect(addressOf(turnOf(new URLSearchParams(query))), query).toBe(query);
  }
  expect(turnOf(new URLSearchParams("sort=worst&before="))).toEqual({ sort: "oldest", before: null });
});
