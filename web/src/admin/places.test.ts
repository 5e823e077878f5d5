import { expect, test } from "vitest";
import type { Permission } from "../api/types";
import { placeOf, places, placesFor } from "./places";
import { permissions } from "./permissions";

const namesFor = (permissions: Permission[], moderated_category_ids: number[]) =>
  placesFor({ permissions, moderated_category_ids }).map((place) => place.name);
const names = (...held: Permission[]) => namesFor(held, []);

test("everybody sees what they may, and nothing else", () => {
  expect(names()).toEqual([]);
  expect(names("moderate_chat")).toEqual(["admin_cases", "admin_words"]);
  expect(names("manage_users")).toEqual(["admin_overview", "admin_cases", "admin_users"]);
  expect(names(...permissions)).toHaveLength(places.length);
});

test("who moderates a category sees its cases, with no permission at all", () => {
  expect(namesFor([], [7])).toEqual(["admin_cases"]);
  expect(namesFor(["manage_emoji"], [7])).toEqual(["admin_cases", "emoji"]);
});

test("every permission leads somewhere", () => {
  for (const one of permissions) expect(names(one), one).not.toEqual([]);
});

test("a page of one thing belongs to the list of them", () => {
  expect(placeOf("admin_user")).toBe("admin_users");
  expect(placeOf("admin_audit")).toBe("admin_audit");
});
