import { describe, expect, it } from "vitest";
import type { Conversation, FoundMember, Me, Member } from "../api/types";
import { emptyState } from "../state/state";
import { candidates, mentionExtra, mentionsIn, namesEverybody, queryAt } from "./mentions";

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

describe("in a group", () => {
  const group = (role: string) => ({ id: 9, kind: "group", member: { role } }) as unknown as Conversation;
  const member = (id: number, name: string, username: string, nickname = "") =>
    ({ user: { id, name, username }, nickname }) as Member;
  const members = { 1: member(1, "Me", "me"), 2: member(2, "Ben", "ben"), 3: member(3, "王小明", "xm") };
  const state = { ...emptyState({ id: 1 } as Me), members: { 9: members } };
  const found = (one: Member, remark = "") => ({ member: one, remark }) as FoundMember;

  it("those whom the server found stand after those who are held here, each once", () => {
    const more = [
      found(member(1, "Me", "me")),
      found(member(2, "Ben", "ben")),
      found(member(7, "本杰明", "bjm", "本")),
      found(member(8, "Bea", "bea"), "Aunt"),
    ];
    const names = candidates(state, group("member"), "b", "all", more).map((one) => [one.user_id, one.name]);
    expect(names).toEqual([
      [2, "Ben"],
      [7, "本"],
      [8, "Bea"],
    ]);
    expect(candidates(state, group("member"), "lmh", "all", [found(member(4, "李明华", "li"))])).toHaveLength(
      1,
    );
    expect(candidates(state, group("member"), "lmh", "all")).toEqual([]);
  });

  it("an edit goes on naming whom the message named", () => {
    const before = { mentions: [mention(5, "Eve")], mentions_all: true };
    expect(mentionExtra(state, group("member"), "@Eve @Ben @all", [], before)).toEqual({
      mentions: [mention(5, "Eve"), mention(2, "Ben")],
      mentions_all: true,
    });
    expect(mentionExtra(state, group("member"), "@Eve @all", [])).toEqual({});
    expect(mentionExtra(state, group("member"), "@Ben", [], before)).toEqual({
      mentions: [mention(2, "Ben")],
    });
  });
});
