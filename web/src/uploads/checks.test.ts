import { expect, test } from "vitest";
import { MAX_FILES, check, kindOf } from "./checks";

const room = { used: 900, quota: 1_000, max_file_size: 60 };
const file = (name: string, size: number) => ({ name, size });

test("what is too large, too much or empty stays behind, and says why", () => {
  const files = [file("a", 50), file("b", 61), file("c", 0), file("d", 51), file("e", 50)];
  const { taken, refusals } = check(files, 0, room);
  expect(taken.map((each) => each.name)).toEqual(["a", "e"]);
  expect(refusals).toEqual([
    { why: "too_large", name: "b", limit: 60 },
    { why: "empty", name: "c" },
    { why: "no_room", name: "d", left: 50 },
  ]);
});

test("a message has twenty at most, counting those that are there", () => {
  const files = Array.from({ length: 30 }, (_, i) => file(`${i}`, 1));
  const { taken, refusals } = check(files, 15, null);
  expect(taken).toHaveLength(MAX_FILES - 15);
  expect(refusals).toEqual([{ why: "too_many" }]);
});

test("only pictures that every browser shows are pictures", () => {
  expect(["image/png", "image/webp", "image/svg+xml", "image/heic", "text/html", ""].map(kindOf)).toEqual([
    "image",
    "image",
    "file",
    "file",
    "file",
    "file",
  ]);
  expect(kindOf("video/mp4")).toBe("video");
  expect(kindOf("audio/mpeg")).toBe("audio");
});
