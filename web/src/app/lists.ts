/** What the client begins with: itself, the first conversations, friends, requests, blocks, and the bell, as they are now. */
import * as accounts from "../api/accounts";
import { listConversations } from "../api/conversations";
import * as friends from "../api/friends";
import { countNotifications } from "../api/notifications";

export async function fetchLists() {
  const [me, page, friendList, requests, blocks, notifications_unread] = await Promise.all([
    accounts.getMe(),
    listConversations(),
    friends.listFriends(),
    friends.listFriendRequests(),
    friends.listBlocks(),
    countNotifications(),
  ]);
  const { conversations: list, before } = page;
  return { me, conversations: list, before, friends: friendList, ...requests, blocks, notifications_unread };
}

/** Whether the server is there, and the session of `me`: in another tab somebody else may have logged in. */
export async function probe(me: number): Promise<"up" | "down" | "ended"> {
  try {
    return (await accounts.currentSession()).user?.id === me ? "up" : "ended";
  } catch {
    return "down";
  }
}
