/**
 * Every kind of event against the vectors in `vectors/`: what comes of it, and that meeting events again (as a client
 * does that resumes from an older cursor) changes nothing.
 */
import { describe, expect, test } from "vitest";
import type { Member, MessagePage } from "../api/types";
import type { Event } from "../events/wire";
import { applyAll } from "./apply";
import { type Lists, fromLists, withJoinRequests, withMembers } from "./snapshot";
import type { State } from "./state";
import { withNewest } from "./stretches";
import baseVector from "./vectors/base.json";
import acts from "./vectors/acts.json";
import conversations from "./vectors/conversations.json";
import forum from "./vectors/forum.json";
import groups from "./vectors/groups.json";
import messages from "./vectors/messages.json";
import moderation from "./vectors/moderation.json";
import people from "./vectors/people.json";

interface Vector {
  name: string;
  events: Event[];
  /** Path → value; null stands for "not there". */
  after: Record<string, unknown>;
}

const suites = { acts, messages, moderation, conversations, forum, groups, people } as unknown as Record<
  string,
  Vector[]
>;

function base(): State {
  let state = fromLists(baseVector.lists as unknown as Lists);
  for (const [id, page] of Object.entries(baseVector.timelines)) {
    state = withNewest(state, Number(id), page as unknown as MessagePage);
  }
  for (const [id, members] of Object.entries(baseVector.members)) {
    state = withMembers(state, Number(id), members as unknown as Member[]);
  }
  return withJoinRequests(state, 600, []);
}

function at(state: State, path: string): unknown {
  const value = path
    .split(".")
    .reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], state);
  return value ?? null;
}

describe.each(Object.entries(suites))("%s", (_name, vectors) => {
  test.each(vectors)("$name", ({ events, after }) => {
    const before = base();
    const frozen = structuredClone(before);
    const state = applyAll(before, events);
    for (const [path, value] of Object.entries(after)) expect(at(state, path), path).toEqual(value);
    // The old state is untouched.
    expect(before).toEqual(frozen);
    for (let from = 0; from < events.length; from++) {
      expect(applyAll(state, events.slice(from)), `met again from ${from}`).toEqual(state);
    }
  });
});

test("every type of event has a vector", () => {
  const types = new Set(
    Object.values(suites).flatMap((vectors) => vectors.flatMap((v) => v.events.map((e) => e.type))),
  );
  const all: Record<Event["type"], true> = {
    "message.created": true,
    "message.edited": true,
    "message.recalled": true,
    "message.rejected": true,
    "message.pinned": true,
    "message.unpinned": true,
    "reaction.added": true,
    "reaction.removed": true,
    receipt: true,
    "conversation.created": true,
    "conversation.read": true,
    "conversation.updated": true,
    "draft.updated": true,
    "member.joined": true,
    "member.left": true,
    "member.updated": true,
    "group.updated": true,
    "group.dissolved": true,
    "join_request.created": true,
    "join_request.accepted": true,
    "join_request.declined": true,
    "friend_request.created": true,
    "friend_request.declined": true,
    "friend_request.withdrawn": true,
    "friend.added": true,
    "friend.removed": true,
    "friend.updated": true,
    "block.added": true,
    "block.removed": true,
    typing: true,
    presence: true,
    "user.updated": true,
    "notification.created": true,
    "notification.read": true,
    "case.opened": true,
    "case.closed": true,
    "article.published": true,
    "article.updated": true,
    "article.removed": true,
    "categories.updated": true,
    "site.updated": true,
  };
  expect([...types].sort()).toEqual(Object.keys(all).sort());
});

test("a type that this client does not know changes nothing", () => {
  const state = base();
  expect(
    applyAll(state, [{ type: "planet.discovered", at: "2026-01-31T08:00:00.000Z" } as unknown as Event]),
  ).toBe(state);
});
