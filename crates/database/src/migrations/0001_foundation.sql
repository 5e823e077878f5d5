-- The foundation: accounts, people, groups, conversations, messages, and the log that delivery reads.
--
-- One text for both engines. Column types are INTEGER (64 bits), TEXT and BLOB only. Times are
-- milliseconds since 1970 UTC, booleans are 0 or 1. TEXT compares by bytes on both engines.
-- Foreign keys stand where writes are rare; the hot tables (messages, log, audience, members)
-- have none: their rows are written together with their parents, by one writer.

-- The last number given out under each name. Taken inside the transaction that uses it.
CREATE TABLE counters (
    name TEXT NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID;

INSERT INTO counters (name, value) VALUES
    ('user', 10000),
    ('conversation', 100000),
    ('session', 0),
    ('token', 0),
    ('invitation', 0),
    ('friend_request', 0),
    ('join_request', 0),
    ('upload', 0);

-- Settings that live with the data: the server's secret, the hash of the setup token, and the like.
CREATE TABLE settings (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- ---------------------------------------------------------------- delivery

-- The head of the log: one row, the first that a unit which appends touches.
-- `message_id` is the last server-wide number of a message; `trimmed` the highest position
-- that is no longer in the log. An empty epoch is replaced at the first start.
CREATE TABLE log_head (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    epoch TEXT NOT NULL,
    position INTEGER NOT NULL,
    message_id INTEGER NOT NULL,
    trimmed INTEGER NOT NULL
);

INSERT INTO log_head (one, epoch, position, message_id, trimmed) VALUES (1, '', 0, 0, 0);

-- A stream is a conversation's id, or a user's id negated for what concerns only that user.
CREATE TABLE log (
    position INTEGER NOT NULL PRIMARY KEY,
    stream INTEGER NOT NULL,
    payload TEXT NOT NULL,
    at INTEGER NOT NULL
);
CREATE INDEX log_by_stream ON log (stream, position);

-- Who may read which stream, from which position to which, both inclusive.
-- `until_position` is 9223372036854775807 while the interval is open; rejoining adds a row.
CREATE TABLE audience (
    user_id INTEGER NOT NULL,
    stream INTEGER NOT NULL,
    from_position INTEGER NOT NULL,
    until_position INTEGER NOT NULL,
    PRIMARY KEY (user_id, stream, from_position)
) WITHOUT ROWID;
-- In this order, so that no plan walks a whole stream's audience to find one reader's intervals.
CREATE INDEX audience_by_stream ON audience (stream, user_id, until_position);

-- ---------------------------------------------------------------- accounts

-- `username_key` is the name under NFKC and case folding, `username_skeleton` its confusable
-- skeleton, `name_key` the display name folded for search. Without `password_hash` nobody logs in
-- by password. A banned account has `banned_at`.
CREATE TABLE users (
    id INTEGER NOT NULL PRIMARY KEY,
    username TEXT NOT NULL,
    username_key TEXT NOT NULL UNIQUE,
    username_skeleton TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    signature TEXT NOT NULL DEFAULT '',
    locale TEXT NOT NULL DEFAULT '',
    avatar_id TEXT,
    password_hash TEXT,
    is_admin INTEGER NOT NULL DEFAULT 0,
    banned_at INTEGER,
    created_at INTEGER NOT NULL
);
CREATE INDEX users_by_name ON users (name_key);

-- A device that is logged in. Only the hash of its token is kept.
CREATE TABLE sessions (
    id INTEGER NOT NULL PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    token_hash BLOB NOT NULL UNIQUE,
    user_agent TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- A bearer token of a program.
CREATE TABLE tokens (
    id INTEGER NOT NULL PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    token_hash BLOB NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER
);
CREATE INDEX tokens_by_user ON tokens (user_id);

-- An invitation to the site. Without `expires_at` it does not expire.
CREATE TABLE invitations (
    id INTEGER NOT NULL PRIMARY KEY,
    code_hash BLOB NOT NULL UNIQUE,
    created_by INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    note TEXT NOT NULL DEFAULT '',
    max_uses INTEGER NOT NULL,
    uses INTEGER NOT NULL DEFAULT 0 CHECK (uses <= max_uses),
    expires_at INTEGER,
    created_at INTEGER NOT NULL
);
CREATE INDEX invitations_by_maker ON invitations (created_by);

-- Avatars are small and re-encoded; in the database, one backup holds them too.
CREATE TABLE avatars (
    id TEXT NOT NULL PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    content_type TEXT NOT NULL,
    bytes BLOB NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE INDEX avatars_by_user ON avatars (user_id);

-- ---------------------------------------------------------------- friends

-- Two rows a friendship, one for each side with what that side calls the other. `request_id` is the
-- request that was accepted, which is gone: accepting it once more is known to change nothing.
CREATE TABLE friendships (
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    friend_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    remark TEXT NOT NULL DEFAULT '',
    folder TEXT NOT NULL DEFAULT '',
    request_id INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, friend_id)
) WITHOUT ROWID;
CREATE INDEX friendships_by_friend ON friendships (friend_id, user_id);

CREATE TABLE friend_requests (
    id INTEGER NOT NULL PRIMARY KEY,
    from_user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    to_user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    note TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    UNIQUE (from_user_id, to_user_id)
);
CREATE INDEX friend_requests_by_receiver ON friend_requests (to_user_id, id);

CREATE TABLE blocks (
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    blocked_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, blocked_id)
) WITHOUT ROWID;
CREATE INDEX blocks_by_blocked ON blocks (blocked_id, user_id);

-- ---------------------------------------------------------------- conversations

-- `last_seq` counts messages, `last_ordinal` those that are not notices. `last_message_at` is the
-- time of the last message, of creation while there is none; `sent_at` never goes below it.
-- `last_position` is that of the last message's event, or of its creation: lists sort by it.
CREATE TABLE conversations (
    id INTEGER NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('direct', 'group')),
    last_seq INTEGER NOT NULL DEFAULT 0,
    last_ordinal INTEGER NOT NULL DEFAULT 0,
    last_message_at INTEGER NOT NULL,
    last_position INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
);

-- The one direct conversation of two users. `via_group_id` is the group of a temporary session.
CREATE TABLE direct_pairs (
    low_user_id INTEGER NOT NULL,
    high_user_id INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL UNIQUE REFERENCES conversations (id) ON DELETE CASCADE,
    via_group_id INTEGER,
    PRIMARY KEY (low_user_id, high_user_id),
    CHECK (low_user_id < high_user_id)
) WITHOUT ROWID;
CREATE INDEX direct_pairs_by_high ON direct_pairs (high_user_id, low_user_id);

-- Members of conversations of both kinds; one row a user and conversation, for ever.
-- A member who is out has `left_at`; who joins again gets the same row back, with new marks.
-- `muted` and `pinned` are the member's own settings; `muted_until` is what an admin imposed.
CREATE TABLE members (
    user_id INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    role TEXT NOT NULL DEFAULT 'member' CHECK (role IN ('owner', 'admin', 'member')),
    nickname TEXT NOT NULL DEFAULT '',
    muted_until INTEGER,
    read_seq INTEGER NOT NULL DEFAULT 0,
    read_ordinal INTEGER NOT NULL DEFAULT 0,
    pinned INTEGER NOT NULL DEFAULT 0,
    muted INTEGER NOT NULL DEFAULT 0,
    joined_at INTEGER NOT NULL,
    left_at INTEGER,
    PRIMARY KEY (user_id, conversation_id)
) WITHOUT ROWID;
CREATE INDEX members_by_conversation ON members (conversation_id, user_id);

-- Read marks that are stored, and of which the event is still to be written: there is at most one
-- event a second for each. A few rows; empty but for the last second.
CREATE TABLE pending_reads (
    user_id INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    PRIMARY KEY (user_id, conversation_id)
) WITHOUT ROWID;

-- ---------------------------------------------------------------- groups

-- A group is a conversation. `open_name_key` holds the name while the group lives and is NULL once
-- it is dissolved, so that the name is free again. `member_count` counts members who are in.
CREATE TABLE groups (
    conversation_id INTEGER NOT NULL PRIMARY KEY REFERENCES conversations (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    open_name_key TEXT UNIQUE,
    description TEXT NOT NULL DEFAULT '',
    announcement TEXT NOT NULL DEFAULT '',
    owner_id INTEGER NOT NULL,
    max_members INTEGER NOT NULL DEFAULT 200,
    member_count INTEGER NOT NULL CHECK (member_count >= 0 AND member_count <= max_members),
    join_policy TEXT NOT NULL DEFAULT 'open' CHECK (join_policy IN ('open', 'approval', 'invite')),
    all_muted INTEGER NOT NULL DEFAULT 0,
    history_for_new_members INTEGER NOT NULL DEFAULT 0,
    dissolved_at INTEGER,
    created_at INTEGER NOT NULL
);
CREATE INDEX groups_by_name ON groups (name_key);
CREATE INDEX groups_by_owner ON groups (owner_id);

-- `invited_by` is the plain member whose adding a friend became a request.
CREATE TABLE join_requests (
    id INTEGER NOT NULL PRIMARY KEY,
    conversation_id INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    invited_by INTEGER,
    note TEXT NOT NULL DEFAULT '',
    created_at INTEGER NOT NULL,
    UNIQUE (conversation_id, user_id)
);
CREATE INDEX join_requests_by_user ON join_requests (user_id);

-- ---------------------------------------------------------------- messages

-- `position` is that of the message's event: what a member may see of the past is decided by it
-- and `audience`. `ordinal` counts the messages that are not notices up to and including this one.
-- `digest` is of the original send. A notice has `notice` (JSON) and no `client_id`, `digest`.
CREATE TABLE messages (
    id INTEGER NOT NULL PRIMARY KEY,
    conversation_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    position INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    sender_id INTEGER NOT NULL,
    client_id TEXT,
    digest BLOB,
    kind TEXT NOT NULL CHECK (kind IN ('text', 'notice')),
    text TEXT NOT NULL,
    notice TEXT,
    sent_at INTEGER NOT NULL,
    UNIQUE (conversation_id, seq),
    UNIQUE (sender_id, client_id)
);
