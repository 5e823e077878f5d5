/**
 * The names under which the client knows the server's schemas. Nothing else imports `schema.d.ts` but the typed client.
 */
import type { components, paths } from "./schema";

type Schemas = components["schemas"];

export type Act = Schemas["Act"];
export type Announcement = Schemas["Announcement"];
export type Attachment = Schemas["Attachment"];
export type AuditEntry = Schemas["AuditEntry"];
export type AuditPage = Schemas["AuditPage"];
export type Block = Schemas["Block"];
export type Case = Schemas["Case"];
export type CasePage = Schemas["CasePage"];
export type Category = Schemas["Category"];
export type Conversation = Schemas["Conversation"];
export type ConversationPage = Schemas["ConversationPage"];
export type ConversationSettings = Schemas["ConversationSettings"];
export type Decision = Schemas["Decision"];
export type Draft = Schemas["Draft"];
export type Edit = Schemas["Edit"];
export type Emoji = Schemas["Emoji"];
export type FilePage = Schemas["FilePage"];
export type Forwarded = Schemas["Forwarded"];
export type FoundArticle = Schemas["FoundArticle"];
export type FoundComment = Schemas["FoundComment"];
export type FoundGroup = Schemas["FoundGroup"];
export type FoundIn = Schemas["FoundIn"];
export type FoundMember = Schemas["FoundMember"];
export type FoundMessage = Schemas["FoundMessage"];
export type FoundPerson = Schemas["FoundPerson"];
export type Friend = Schemas["Friend"];
export type FriendRequest = Schemas["FriendRequest"];
export type Group = Schemas["Group"];
export type GroupInvitation = Schemas["GroupInvitation"];
export type Invitation = Schemas["Invitation"];
export type InviteLink = Schemas["InviteLink"];
export type Job = Schemas["Job"];
export type JoinPolicy = Schemas["JoinPolicy"];
export type JoinRequest = Schemas["JoinRequest"];
export type Limits = Schemas["Limits"];
export type LoggedIn = Schemas["LoggedIn"];
export type EditList = Schemas["EditList"];
export type ManagedArticle = Schemas["ManagedArticle"];
export type ManagedArticles = Schemas["ManagedArticles"];
export type ManagedComment = Schemas["ManagedComment"];
export type ManagedComments = Schemas["ManagedComments"];
export type ManagedUser = Schemas["ManagedUser"];
export type Mark = Schemas["Mark"];
export type Me = Schemas["Me"];
export type Member = Schemas["Member"];
export type Mention = Schemas["Mention"];
export type Message = Schemas["Message"];
export type MessagePage = Schemas["MessagePage"];
export type NewMessage = Schemas["NewMessage"];
export type NewToken = Schemas["NewToken"];
export type Notification = Schemas["Notification"];
export type NotificationKind = Schemas["NotificationKind"];
export type NotificationPage = Schemas["NotificationPage"];
export type Notice = Schemas["Notice"];
export type OneReaction = Schemas["OneReaction"];
export type Overview = Schemas["Overview"];
export type OwnCase = Schemas["OwnCase"];
export type Permission = Schemas["Permission"];
export type Presence = Schemas["Presence"];
export type Reaction = Schemas["Reaction"];
export type ReaderList = Schemas["ReaderList"];
export type Receipt = Schemas["Receipt"];
export type Report = Schemas["Report"];
export type ReportReason = Schemas["Reason"];
export type Role = Schemas["Role"];
export type SearchKind = NonNullable<
  NonNullable<paths["/api/v1/search"]["get"]["parameters"]["query"]>["kind"]
>;
export type SearchResults = Schemas["SearchResults"];
export type Session = Schemas["Session"];
export type Setting = Schemas["Setting"];
export type SharedFile = Schemas["SharedFile"];
export type Site = Schemas["Site"];
export type SiteRole = Schemas["SiteRole"];
export type Sticker = Schemas["Sticker"];
export type StorageState = Schemas["StorageState"];
export type Subject = Schemas["Subject"];
export type SubjectKind = Schemas["SubjectKind"];
export type Ticket = Schemas["Ticket"];
export type Token = Schemas["Token"];
export type Tried = Schemas["Tried"];
export type UploadUsage = Schemas["UploadUsage"];
export type User = Schemas["User"];
export type UserPage = Schemas["UserPage"];
export type Verification = Schemas["Verification"];
export type Voice = Schemas["Voice"];

// The forum.
export type Article = Schemas["Article"];
export type ArticleEdit = Schemas["ArticleEdit"];
export type ArticlePage = Schemas["ArticlePage"];
export type ArticleSort = NonNullable<
  NonNullable<paths["/api/v1/forum/articles"]["get"]["parameters"]["query"]>["sort"]
>;
export type ArticleStatus = Schemas["ArticleStatus"];
export type ArticleSummary = Schemas["ArticleSummary"];
export type Comment = Schemas["Comment"];
export type CommentPage = Schemas["CommentPage"];
export type CommentSort = NonNullable<
  NonNullable<paths["/api/v1/forum/articles/{id}/comments"]["get"]["parameters"]["query"]>["sort"]
>;
export type Consent = Schemas["Consent"];
export type ConsentRequest = Schemas["ConsentRequest"];
export type HeadImage = Schemas["HeadImage"];
export type Quotes = Schemas["Quotes"];
export type SavedCopy = Schemas["SavedCopy"];
export type Tag = Schemas["Tag"];
export type WorkingCopy = Schemas["WorkingCopy"];
export type Word = Schemas["Word"];
export type WordAction = Schemas["WordAction"];
