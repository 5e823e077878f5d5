-- Moderation: what is reported and decided, what waits for a moderator, the list of words; and the site's logo.

INSERT INTO counters (name, value) VALUES
    ('case', 0),
    ('decision', 0),
    ('held_message', 0);

-- ---------------------------------------------------------------- cases

-- Everything about one thing: a case a subject, for ever, opened again when something new comes. What a subject does
-- not have is 0 (`protocol::Subject`). `author_id` is whose it was when the case was made. `held` says that the
-- subject is not to be seen before it is approved.
CREATE TABLE cases (
    id INTEGER NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    conversation_id INTEGER NOT NULL DEFAULT 0,
    seq INTEGER NOT NULL DEFAULT 0,
    subject_id INTEGER NOT NULL DEFAULT 0,
    category_id INTEGER NOT NULL DEFAULT 0,
    author_id INTEGER,
    is_open INTEGER NOT NULL,
    held INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (kind, conversation_id, seq, subject_id)
);
CREATE INDEX cases_by_state ON cases (is_open, updated_at, id);
CREATE INDEX cases_by_author ON cases (author_id, id);

-- One a reporter and case; `answered` once the reporter was told of a decision.
CREATE TABLE reports (
    case_id INTEGER NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    reporter_id INTEGER NOT NULL,
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    at INTEGER NOT NULL,
    answered INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (case_id, reporter_id)
) WITHOUT ROWID;
CREATE INDEX reports_by_reporter ON reports (reporter_id);

-- What was decided; `by_id` 0 is the operator. `appeal` is what the person concerned says against it, once.
CREATE TABLE decisions (
    id INTEGER NOT NULL PRIMARY KEY,
    case_id INTEGER NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    act TEXT NOT NULL,
    until INTEGER,
    note TEXT NOT NULL,
    by_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    appeal TEXT,
    appealed_at INTEGER
);
CREATE INDEX decisions_by_case ON decisions (case_id, id);

-- Messages that wait for a moderator. `message` is what was sent, as JSON; a row stays when it was rejected, so that
-- sending it again is not a new message. Approved, it is a message, and its row goes.
CREATE TABLE held_messages (
    id INTEGER NOT NULL PRIMARY KEY,
    conversation_id INTEGER NOT NULL,
    sender_id INTEGER NOT NULL,
    client_id TEXT NOT NULL,
    digest BLOB NOT NULL,
    message TEXT NOT NULL,
    rejected INTEGER NOT NULL DEFAULT 0,
    at INTEGER NOT NULL,
    UNIQUE (sender_id, client_id)
);

-- Words that are not welcome, in the order in which the moderators keep them.
CREATE TABLE words (
    n INTEGER NOT NULL PRIMARY KEY,
    pattern TEXT NOT NULL,
    action TEXT NOT NULL,
    replacement TEXT
);

-- ---------------------------------------------------------------- the site

-- Pictures that stand for the site: the one that the setting `logo_id` names, no other.
CREATE TABLE logos (
    id TEXT NOT NULL PRIMARY KEY,
    content_type TEXT NOT NULL,
    bytes BLOB NOT NULL
);

-- How people are listed for those who manage them.
CREATE INDEX users_by_suspension ON users (suspended_until);
CREATE INDEX users_by_mute ON users (site_muted_until);
