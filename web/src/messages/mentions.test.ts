import { describe, expect, it } from "vitest";
import { mentionsIn, namesEverybody, queryAt } from "./mentions";

const mention = (user_id: number, name: string) => ({ user_id, name });

describe("what is being typed", () => {
  it("is looked up after an @ or a colon", () => {
    expect(queryAt("@", 1)).toEqual({ start: 0, sign: "@", words: "" });
    expect(queryAt("hi @an", 6)).toEqual({ start: 3, sign: "@", words: "an" });
    expect(queryAt("你好@小", 4)).toEqual({ start: 2, sign: "@", words: "小" });
    expect(queryAt("so :par", 7)).toEqual({ start: 3, sign: ":", words: "par" });
    expect(queryAt("so :par ok", 7)).toEqual({ start: 3, sign: ":", words: "par" });
  });
  it("is no address, time or face", () => {
    for (const text of ["a@b", "8:30", "http://x", ":)", ":", "@an n", ":a", "::ab", ""]) {
      expect(queryAt(text, text.length), text).toBeNull();
    }
  });
});

describe("who is named", () => {
  const known = [mention(1, "Ann"), mention(2, "Ann Lee"), mention(3, "小明"), mention(4, "Ben")];
  const named = (text: string, chosen = [] as typeof known) =>
    mentionsIn(text, chosen, known).map((one) => one.user_id);
  it("is found by the longest name, once", () => {
    expect(named("@Ann Lee and @Ann, @Ann")).toEqual([2, 1]);
    expect(named("@小明你好")).toEqual([3]);
    expect(named("@Anna x@Ann Ann")).toEqual([]);
  });
  it("is the chosen one of two with one name, and nobody whose name was edited away", () => {
    expect(named("@Ben", [mention(9, "Ben")])).toEqual([9]);
    expect(named("@Be", [mention(9, "Ben")])).toEqual([]);
  });
  it("may be everybody", () => {
    expect([namesEverybody("@all hi"), namesEverybody("好@全体成员"), namesEverybody("all")]).toEqual([
      true,
      true,
      false,
    ]);
  });
});
