import { describe, expect, test } from "vitest";
import type { Conversation, Friend, Me, Member, User } from "../api/types";
import { friendsByFolder, nameOf, obstacle, sortedConversations, totalUnread, typingUsers } from "./select";
import { type State, emptyState } from "./state";

const NOW = Date.parse("2026-01-31T12:00:00Z");
const user = (id: number, name = `User ${id}`, presence: User["presence"] = "offline") =>
  ({ id, name, presence }) as User;
const chat = (id: number, fields: Partial<Conversation> = {}) =>
  ({ id, kind: "direct", title: `${id}`, unread: 0, pinned: false, muted: false, ...fields }) as Conversation;
const said = (sent_at: string) => ({ last_message: { sent_at } }) as Partial<Conversation>;
const friend = (id: number, fields: Partial<Friend> = {}) =>
  ({ user: user(id), remark: "", folder: "", ...fields }) as Friend;
const state = (fields: Partial<State>): State => ({ ...emptyState({ id: 1 } as Me), ...fields });

test("pinned conversations stand first, then the latest", () => {
  const conversations = {
    1: chat(1, said("2026-01-01T00:00:00.000Z")),
    2: chat(2, said("2026-01-03T00:00:00.000Z")),
    3: chat(3, { ...said("2025-01-01T00:00:00.000Z"), pinned: true }),
  };
  expect(sortedConversations(state({ conversations })).map((c) => c.id)).toEqual([3, 2, 1]);
});

test("muted conversations are not counted", () => {
  const conversations = { 1: chat(1, { unread: 3 }), 2: chat(2, { unread: 50, muted: true }) };
  expect(totalUnread(state({ conversations }))).toBe(3);
});

test("a person is called by remark, then nickname, then name", () => {
  const member = { user: user(7), nickname: "Captain" } as Member;
  const known = state({ users: { 7: user(7, "Seven") }, members: { 600: { 7: member } } });
  expect(nameOf(known, 7)).toBe("Seven");
  expect(nameOf(known, 7, 600)).toBe("Captain");
  expect(nameOf({ ...known, friends: { 7: friend(7, { remark: "Boss" }) } }, 7, 600)).toBe("Boss");
  expect(nameOf(known, 8)).toBeUndefined();
});

describe("what is in the way of sending", () => {
  const direct = chat(5, { peer: user(7) });
  const group = (member: Partial<Member>, all_muted = false) =>
    chat(6, {
      kind: "group",
      member: { role: "member", ...member } as Member,
      group: { all_muted } as Conversation["group"] & object,
    });

  test("friends may talk, others need a shared group, blocked ones may not", () => {
    expect(obstacle(state({ friends: { 7: friend(7) } }), direct, NOW)).toBeNull();
    expect(obstacle(state({}), direct, NOW)).toEqual({ why: "not_friends" });
    const temporary = { ...direct, via_group_id: 6 };
    expect(obstacle(state({ conversations: { 6: group({}) } }), temporary, NOW)).toBeNull();
    expect(obstacle(state({}), temporary, NOW)).toEqual({ why: "not_friends" });
    const left = state({ conversations: { 6: group({}) }, parted: { 6: { 7: true } } });
    expect(obstacle(left, temporary, NOW)).toEqual({ why: "not_friends" });
    const others = state({ conversations: { 6: group({}) }, members: { 6: {} } });
    expect(obstacle(others, temporary, NOW)).toEqual({ why: "not_friends" });
    const block = { user: user(7), created_at: "" };
    expect(obstacle(state({ blocks: { 7: block } }), temporary, NOW)).toEqual({
      why: "blocked",
    });
  });

  test("a mute ends by itself", () => {
    const muted = group({ muted_until: "2026-01-31T12:00:01.000Z" });
    expect(obstacle(state({}), muted, NOW)).toEqual({ why: "muted", until: NOW + 1000 });
    expect(obstacle(state({}), muted, NOW + 1000)).toBeNull();
  });

  test("who is muted on the whole site talks to nobody, until it ends", () => {
    const me = { id: 1, muted_until: "2026-01-31T12:00:01.000Z" } as Me;
    const silent = { ...state({ friends: { 7: friend(7) } }), me };
    expect(obstacle(silent, direct, NOW)).toEqual({ why: "muted_on_site", until: NOW + 1000 });
    expect(obstacle(silent, direct, NOW + 1000)).toBeNull();
  });

  test("muting everyone spares owner and admins", () => {
    expect(obstacle(state({}), group({}, true), NOW)).toEqual({ why: "all_muted" });
    expect(obstacle(state({}), group({ role: "admin" }, true), NOW)).toBeNull();
  });
});

test("typing ends after its time", () => {
  const typing = { 5: { 7: NOW + 1, 8: NOW } };
  expect(typingUsers(state({ typing }), 5, NOW)).toEqual([7]);
});

test("friends stand by folder, those online first", () => {
  const friends = { 7: friend(7), 8: friend(8), 9: friend(9, { folder: "Work" }) };
  const folders = friendsByFolder(state({ friends, users: { 8: user(8, "User 8", "online") } }));
  expect(folders.map((f) => [f.name, f.friends.map((each) => each.user.id)])).toEqual([
    ["", [8, 7]],
    ["Work", [9]],
  ]);
});
