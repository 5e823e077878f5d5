/** What the client begins with: every list, as it is now. */
import * as accounts from "../api/accounts";
import * as conversations from "../api/conversations";
import * as friends from "../api/friends";
import { countNotifications } from "../api/notifications";

export async function fetchLists() {
  const [me, page, friendList, requests, blocks, notifications_unread] = await Promise.all([
    accounts.getMe(),
    conversations.listConversations(),
    friends.listFriends(),
    friends.listFriendRequests(),
    friends.listBlocks(),
    countNotifications(),
  ]);
  const { conversations: list, before } = page;
  return { me, conversations: list, before, friends: friendList, ...requests, blocks, notifications_unread };
}

/** Whether the server is there, and the session. */
export async function probe(): Promise<"up" | "down" | "ended"> {
  try {
    return (await accounts.currentSession()).user ? "up" : "ended";
  } catch {
    return "down";
  }
}
