/** What one does about a group: calls, and what they change at once. The event comes by later and changes nothing more. */
import * as api from "../api/groups";
import type { Group, JoinRequest, Member } from "../api/types";
import type { Live } from "../app/live.svelte";
import { withJoinRequests, withMembers } from "../state/snapshot";

const now = () => new Date().toISOString();

export async function load(live: Live, id: number): Promise<void> {
  const members = await api.listMembers(id);
  live.change((state) => withMembers(state, id, members));
}

export async function loadJoinRequests(live: Live, id: number): Promise<void> {
  const requests = await api.listJoinRequests(id);
  live.change((state) => withJoinRequests(state, id, requests));
}

export async function change(live: Live, group: Group, fields: api.GroupChange): Promise<void> {
  await api.updateGroup(group.id, fields);
  live.applyNow({
    type: "group.updated",
    at: now(),
    conversation_id: group.id,
    group: { ...group, ...fields },
  });
}

export async function changeMember(
  live: Live,
  id: number,
  member: Member,
  fields: api.MemberChange,
): Promise<void> {
  await api.updateMember(id, member.user.id, fields);
  live.applyNow({ type: "member.updated", at: now(), conversation_id: id, member: { ...member, ...fields } });
}

export async function answerJoin(live: Live, request: JoinRequest, accepted: boolean): Promise<void> {
  const call = accepted ? api.acceptJoinRequest : api.declineJoinRequest;
  await call(request.group_id, request.id);
  const type = accepted ? "join_request.accepted" : "join_request.declined";
  live.applyNow({ type, at: now(), conversation_id: request.group_id, join_request: request });
}
