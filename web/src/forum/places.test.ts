import { expect, test } from "vitest";
import { match } from "../app/routes";
import { addressOf, linkTo, placeOf, queryOf } from "./places";

const at = (path: string) => {
  const url = new URL(path, "https://rookery.invalid");
  return placeOf(match(url.pathname), url.searchParams);
};

test("every list has one address, and its address leads back to it", () => {
  for (const path of [
    "/forum",
    "/forum?sort=liked",
    "/forum/tea",
    "/forum/tea?tag=green&sort=active",
    "/forum/tags/%E8%8C%B6",
    "/forum/tags/a%2Fb",
    "/forum?tag=x&author=7",
    "/forum/tea?before=a.1",
    "/forum?sort=active&before=a.1",
  ]) {
    expect(addressOf(at(path)), path).toBe(path);
  }
  expect(at("/forum/tags/%E8%8C%B6").tag).toBe("茶");
});

test("what makes no sense is left out", () => {
  expect(at("/forum?sort=worst&author=-3")).toEqual({
    category: "",
    tag: "",
    author: 0,
    sort: "newest",
    before: "",
  });
  expect(queryOf(at("/forum"))).toEqual({ sort: "newest" });
  expect(queryOf(at("/forum/tea?author=7"))).toEqual({ category: "tea", author: 7, sort: "newest" });
});

test("a further page is asked for, and leads back to where its list begins", () => {
  const page = at("/forum/tea?sort=active&before=a.1");
  expect(queryOf(page)).toEqual({ category: "tea", sort: "active", before: "a.1" });
  expect(linkTo(page)).toBe("/forum/tea?sort=active");
});
