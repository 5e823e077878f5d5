import { expect, test } from "vitest";
import type { Permission } from "../api/types";
import { placeOf, places, placesFor } from "./places";
import { permissions } from "./permissions";

const names = (...held: Permission[]) => placesFor(held).map((place) => place.name);

test("everybody sees what they may, and nothing else", () => {
  expect(names()).toEqual([]);
  expect(names("moderate_chat")).toEqual(["admin_cases", "admin_words"]);
  expect(names("manage_users")).toEqual(["admin_overview", "admin_cases", "admin_users"]);
  expect(names(...permissions)).toHaveLength(places.length);
});

test("every permission leads somewhere", () => {
  for (const one of permissions) expect(names(one), one).not.toEqual([]);
});

test("a page of one thing belongs to the list of them", () => {
  expect(placeOf("admin_user")).toBe("admin_users");
  expect(placeOf("admin_audit")).toBe("admin_audit");
});
