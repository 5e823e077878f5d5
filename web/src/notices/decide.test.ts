import { describe, expect, test } from "vitest";
import type { Conversation, FriendRequest, Me, Message, Notification, User } from "../api/types";
import type { Event } from "../events/wire";
import { type State, emptyState } from "../state/state";
import { endOf, isQuiet, noticeOf } from "./decide";

const ME = 1;
const at = "2026-01-31T08:00:00.000Z";
const chat = (fields: Partial<Conversation> = {}) =>
  ({ id: 5, read_seq: 10, last_seq: 11, muted: false, ...fields }) as Conversation;
const state = (conversation: Conversation): State => ({
  ...emptyState({ id: ME } as Me),
  conversations: { 5: conversation },
});
const said = (fields: Partial<Message> = {}): Event => {
  const message = {
    conversation_id: 5,
    seq: 11,
    sender_id: 2,
    kind: "text",
    text: "hi",
    ...fields,
  } as Message;
  return { type: "message.created", at, conversation_id: 5, seq: message.seq, message };
};

describe("a message gives a notice", () => {
  const gives = (conversation: Conversation, event: Event) => noticeOf(state(conversation), event) !== null;
  test("when it is somebody else's, new and not read", () => {
    expect(noticeOf(state(chat()), said())).toMatchObject({ about: "messages 5", conversation: 5, seq: 11 });
    expect(gives(chat(), said({ sender_id: ME })), "own").toBe(false);
    expect(gives(chat({ read_seq: 11 }), said()), "read elsewhere").toBe(false);
    expect(gives(chat(), said({ kind: "notice" })), "somebody joined").toBe(false);
    expect(gives(chat(), said({ recalled: { user_id: 2, at } })), "taken back").toBe(false);
    expect(noticeOf(emptyState({ id: ME } as Me), said()), "of a conversation not known").toBeNull();
  });

  test("in a muted conversation only by mentioning the reader", () => {
    const muted = chat({ muted: true });
    expect(gives(muted, said())).toBe(false);
    expect(gives(muted, said({ mentions: [{ user_id: ME, name: "me" }] }))).toBe(true);
    expect(gives(muted, said({ mentions: [{ user_id: 3, name: "him" }] }))).toBe(false);
    expect(gives(muted, said({ mentions_all: true }))).toBe(true);
  });
});

test("requests give a notice to whoever is to answer them", () => {
  const [me, other] = [{ id: ME, name: "Me" } as User, { id: 2, name: "Other" } as User];
  const asked = (from: User, to: User): Event => ({
    type: "friend_request.created",
    at,
    friend_request: { id: 7, from, to } as FriendRequest,
  });
  const waiting = { ...state(chat()), incoming: { 7: {} as FriendRequest } };
  expect(noticeOf(waiting, asked(other, me))).toMatchObject({ kind: "friend_request", name: "Other" });
  expect(noticeOf(state(chat()), asked(other, me)), "answered already").toBeNull();
  expect(noticeOf(waiting, asked(me, other))).toBeNull();
  const join = {
    type: "join_request.created",
    at,
    conversation_id: 5,
    join_request: { user: other },
  } as Event;
  expect(noticeOf(state(chat()), join)).toMatchObject({
    kind: "join_request",
    conversation: 5,
    name: "Other",
  });
  expect(noticeOf(state(chat({ muted: true })), join)).toBeNull();
});

test("reading and recalling end a notice", () => {
  const read = (user_id: number): Event => ({
    type: "conversation.read",
    at,
    conversation_id: 5,
    seq: 11,
    user_id,
  });
  expect(endOf(state(chat()), read(ME))).toEqual({ about: "messages 5", from: 0, upTo: 11 });
  expect(endOf(state(chat()), read(2))).toBeNull();
  const recalled = { ...said(), type: "message.recalled" } as Event;
  expect(endOf(state(chat()), recalled)).toEqual({ about: "messages 5", from: 11, upTo: 11 });
  expect(endOf(state(chat()), said())).toBeNull();
});

test("quiet hours go by the clock, also over midnight", () => {
  const clock = (time: string) => new Date(`2026-01-31T${time}:00`);
  const night = { from: "22:30", until: "07:00" };
  for (const time of ["22:30", "23:59", "00:00", "06:59"])
    expect(isQuiet(night, clock(time)), time).toBe(true);
  for (const time of ["07:00", "12:00", "22:29"]) expect(isQuiet(night, clock(time)), time).toBe(false);
  const noon = { from: "12:00", until: "13:00" };
  expect(isQuiet(noon, clock("12:00")) && isQuiet(noon, clock("12:59"))).toBe(true);
  expect(isQuiet(noon, clock("11:59")) || isQuiet(noon, clock("13:00"))).toBe(false);
  expect(isQuiet(null, clock("00:00"))).toBe(false);
});

describe("the bell gives notices too", () => {
  const notification = (read = false) =>
    ({ id: 3, kind: "article_liked", at, count: 1, article_id: 7, read }) as Notification;
  const created = (unread: number, read = false): Event => ({
    type: "notification.created",
    at,
    notification: notification(read),
    unread,
  });

  test("one at a time, unless it was seen elsewhere already", () => {
    expect(noticeOf(state(chat()), created(1))).toMatchObject({
      about: "notifications",
      kind: "notification",
    });
    expect(noticeOf(state(chat()), created(0))).toBeNull();
    expect(noticeOf(state(chat()), created(1, true))).toBeNull();
  });

  test("and all of them end when nothing is unread", () => {
    const read = (unread: number): Event => ({ type: "notification.read", at, unread });
    expect(endOf(state(chat()), read(0))?.about).toBe("notifications");
    expect(endOf(state(chat()), read(2))).toBeNull();
  });
});
