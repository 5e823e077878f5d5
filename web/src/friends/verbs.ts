/** What one does about a person: calls, and what they change at once. The event comes by later and changes nothing more. */
import * as api from "../api/friends";
import type { Block, Friend, User } from "../api/types";
import type { Live } from "../app/live.svelte";

const now = () => new Date().toISOString();

export async function block(live: Live, user: User): Promise<void> {
  await api.addBlock(user.id);
  live.applyNow({ type: "block.added", at: now(), block: { user, created_at: now() } });
  const friend = live.state.friends[user.id];
  if (friend) live.applyNow({ type: "friend.removed", at: now(), friend });
}

export async function unblock(live: Live, block: Block): Promise<void> {
  await api.removeBlock(block.user.id);
  live.applyNow({ type: "block.removed", at: now(), block });
}

export async function remove(live: Live, friend: Friend): Promise<void> {
  await api.removeFriend(friend.user.id);
  live.applyNow({ type: "friend.removed", at: now(), friend });
}

export async function update(
  live: Live,
  friend: Friend,
  change: { remark: string; folder: string },
): Promise<void> {
  await api.updateFriend(friend.user.id, change);
  live.applyNow({ type: "friend.updated", at: now(), friend: { ...friend, ...change } });
}
