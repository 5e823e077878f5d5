-- The chat people would choose: what messages carry, files, search, and the care of conversations.

-- ---------------------------------------------------------------- messages

-- What a message carries besides its text, as JSON (`protocol::Details`); NULL where there is nothing, as with
-- most messages. It is the message as it is now; the tables below are for looking things up, and change in
-- the same unit.
ALTER TABLE messages ADD COLUMN details TEXT;

-- Logged events that hold a copy of a message, besides its `message.created` (at `messages.position`): an edit
-- or a recall rewrites them too.
CREATE TABLE message_copies (
    message_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (message_id, position)
) WITHOUT ROWID;

-- What a message said before each edit, oldest first; gone when it is recalled.
CREATE TABLE edits (
    message_id INTEGER NOT NULL,
    n INTEGER NOT NULL,
    text TEXT NOT NULL,
    html TEXT,
    at INTEGER NOT NULL,
    PRIMARY KEY (message_id, n)
) WITHOUT ROWID;

-- Who is mentioned where; `user_id` 0 stands for everybody in the group. Gone when it is recalled.
CREATE TABLE mentions (
    conversation_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, user_id, seq)
) WITHOUT ROWID;
CREATE INDEX mentions_by_message ON mentions (conversation_id, seq);

-- Pinned messages of a conversation.
CREATE TABLE pins (
    conversation_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, seq)
) WITHOUT ROWID;

-- Messages that were edited or recalled since the search index last looked.
CREATE TABLE message_changes (
    message_id INTEGER NOT NULL PRIMARY KEY
) WITHOUT ROWID;

-- ---------------------------------------------------------------- uploads

-- A file that somebody is uploading or has uploaded. It is complete when it has `object`, the key of its bytes in
-- the storage; `preview` is the key of a smaller picture. `size` counts against its owner's quota. While it is
-- in no message it has `expires_at`; so again when its last message is recalled. `attached` is for ever.
CREATE TABLE uploads (
    id TEXT NOT NULL PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    size INTEGER NOT NULL,
    kind TEXT,
    content_type TEXT,
    width INTEGER,
    height INTEGER,
    duration_ms INTEGER,
    object TEXT UNIQUE,
    preview TEXT UNIQUE,
    preview_type TEXT,
    preview_size INTEGER,
    attached INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    expires_at INTEGER
);
CREATE INDEX uploads_by_user ON uploads (user_id);
CREATE INDEX uploads_by_expiry ON uploads (expires_at);

-- What is attached to a message, by its place there: first the message's own, then those of what it forwards, in
-- order. `kind` and `name` are as the message has them, for lists and search. Gone when it is recalled.
CREATE TABLE attachments (
    conversation_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    n INTEGER NOT NULL,
    upload_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (conversation_id, seq, n)
) WITHOUT ROWID;
CREATE INDEX attachments_by_upload ON attachments (upload_id);
CREATE INDEX attachments_by_kind ON attachments (conversation_id, kind, seq);

-- ---------------------------------------------------------------- conversations

-- A conversation is archived for a member while `archived_ordinal` is set and nothing was said after it
-- (`conversations.last_ordinal` is no higher), or it is muted. So no message has to touch anybody's row to
-- bring it back. `marked_unread` goes with reading.
ALTER TABLE members ADD COLUMN archived_ordinal INTEGER;
ALTER TABLE members ADD COLUMN marked_unread INTEGER NOT NULL DEFAULT 0;

-- The conversation with oneself: one a user, for ever. In `conversations` its kind is 'direct', because the CHECK
-- there knows two kinds only and SQLite cannot change it without copying the table; a row here makes it one.
CREATE TABLE saved_conversations (
    user_id INTEGER NOT NULL PRIMARY KEY,
    conversation_id INTEGER NOT NULL UNIQUE REFERENCES conversations (id) ON DELETE CASCADE
) WITHOUT ROWID;

-- What members have typed and not sent; an empty text is a draft that is gone. `position` is that of the
-- newest logged event about it: the next one takes the text out of that, so that what was never sent is
-- in the log at most once.
CREATE TABLE drafts (
    user_id INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    text TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (user_id, conversation_id)
) WITHOUT ROWID;

-- What the others may know of how far a member has read: it moves with `read_seq` while the member wishes so
-- (`users.read_receipts`), and whenever they speak.
ALTER TABLE members ADD COLUMN receipt_seq INTEGER NOT NULL DEFAULT 0;
UPDATE members SET receipt_seq = read_seq;

-- Whether `receipt_seq` moved as well, so that the peer of a direct conversation is still to be told.
ALTER TABLE pending_reads ADD COLUMN receipt INTEGER NOT NULL DEFAULT 1;

-- ---------------------------------------------------------------- groups

-- What a group's announcement was; `n` counts from 1, an empty text says that it was taken away. Of those from
-- before this table, who wrote them is not known: they are the owner's.
CREATE TABLE announcements (
    conversation_id INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    n INTEGER NOT NULL,
    text TEXT NOT NULL,
    author_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (conversation_id, n)
) WITHOUT ROWID;

INSERT INTO announcements (conversation_id, n, text, author_id, at)
SELECT conversation_id, 1, announcement, owner_id, created_at FROM groups WHERE announcement <> '';

-- Links that let people into a group. The code is kept as it is, so that those who run the group can show it
-- again; it opens nothing but that group, and only until it is withdrawn.
CREATE TABLE invite_links (
    id INTEGER NOT NULL PRIMARY KEY,
    conversation_id INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    code TEXT NOT NULL UNIQUE,
    created_by INTEGER NOT NULL,
    max_uses INTEGER,
    uses INTEGER NOT NULL DEFAULT 0 CHECK (uses <= max_uses),
    expires_at INTEGER,
    created_at INTEGER NOT NULL
);
CREATE INDEX invite_links_by_group ON invite_links (conversation_id, id);

INSERT INTO counters (name, value) VALUES ('invite_link', 0);

-- ---------------------------------------------------------------- accounts

-- Whether others may know how far this person has read.
ALTER TABLE users ADD COLUMN read_receipts INTEGER NOT NULL DEFAULT 1;

-- When a person's devices give no notice: minutes after midnight on the device's clock; both NULL, or neither.
ALTER TABLE users ADD COLUMN quiet_from INTEGER;
ALTER TABLE users ADD COLUMN quiet_until INTEGER;

-- ---------------------------------------------------------------- emoji

-- Custom emoji and stickers: of the whole site (`group_id` 0) or of a group. One that was removed is in no list and
-- stands for nothing in new messages; its picture stays, since older messages show it. `still` is the first frame of
-- one that moves, for people who want nothing to move; NULL for the others.
CREATE TABLE emoji (
    id TEXT NOT NULL PRIMARY KEY,
    group_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    bytes BLOB NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    still_type TEXT,
    still BLOB,
    user_id INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    removed_at INTEGER
);
CREATE UNIQUE INDEX emoji_by_name ON emoji (group_id, kind, name) WHERE removed_at IS NULL;

-- ---------------------------------------------------------------- search

-- How far the index is: `message` is the last message that it has taken up, `rules` the version of the rules by
-- which texts are folded.
CREATE TABLE search_state (
    name TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;

INSERT INTO search_state (name, value) VALUES ('message', 0), ('rules', 0);

-- People and groups that are new or have another name since the index last looked.
CREATE TABLE name_changes (
    kind TEXT NOT NULL CHECK (kind IN ('user', 'group')),
    id INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;

-- What can be searched for, as numbers of characters and of pairs of them (`search/grams.rs`). Messages have
-- their id; people and groups have negative ones.
-- only sqlite
CREATE VIRTUAL TABLE search_index USING fts5 (
    grams, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);
-- only postgres
CREATE TABLE search_index (
    id BIGINT NOT NULL PRIMARY KEY,
    grams BIGINT[] NOT NULL
);
CREATE INDEX search_index_by_gram ON search_index USING gin (grams);
-- both engines
