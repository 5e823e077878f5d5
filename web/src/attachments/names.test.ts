import { expect, test } from "vitest";
import { durationText, safeName, sizeText, typeText } from "./names";

test("a name cannot turn itself around or hide its ending", () => {
  expect(safeName("photo\u202egnp.exe")).toBe("photo�gnp.exe");
  expect(safeName("a\u200bb\u0007c\ufeff")).toBe("a�b�c�");
  expect(safeName("年度报告 (final).pdf")).toBe("年度报告 (final).pdf");
});

test("sizes have at most three digits", () => {
  expect([0, 999, 1_000, 1_536, 102_400, 1_048_576, 1_572_864, 5e9].map(sizeText)).toEqual([
    "0 B",
    "999 B",
    "1 KB",
    "1.5 KB",
    "100 KB",
    "1 MB",
    "1.5 MB",
    "4.7 GB",
  ]);
});

test("types are told by the ending, else by the content", () => {
  expect(typeText("a.tar.gz", "application/gzip")).toBe("GZ");
  expect(typeText("README", "text/plain")).toBe("PLAIN");
  expect(typeText("README", "application/octet-stream")).toBe("");
  expect(typeText("x.exe\u202e", "application/zip")).toBe("ZIP");
});

test("durations", () => {
  expect([0, 400, 5_400, 65_000, 3_723_000].map(durationText)).toEqual([
    "0:00",
    "0:00",
    "0:05",
    "1:05",
    "1:02:03",
  ]);
});
