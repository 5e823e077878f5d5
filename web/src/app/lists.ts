/** What the client fetches before it listens: itself, the first conversations, friends, requests and blocks. */
import * as accounts from "../api/accounts";
import { listConversations } from "../api/conversations";
import * as friends from "../api/friends";

export async function fetchLists() {
  const [me, page, friendList, requests, blocks] = await Promise.all([
    accounts.getMe(),
    listConversations(),
    friends.listFriends(),
    friends.listFriendRequests(),
    friends.listBlocks(),
  ]);
  const { conversations: list, before } = page;
  return { me, conversations: list, before, friends: friendList, ...requests, blocks };
}
