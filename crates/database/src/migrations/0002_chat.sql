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

-- ---------------------------------------------------------------- conversations

-- ---------------------------------------------------------------- groups

-- ---------------------------------------------------------------- accounts

-- ---------------------------------------------------------------- emoji

-- ---------------------------------------------------------------- search
