-- The site as a whole: roles and what they allow, standing of accounts, who did what, what people are told.

INSERT INTO counters (name, value) VALUES
    ('site_role', 0),
    ('notification', 0);

-- ---------------------------------------------------------------- accounts

-- A named set of permissions. `permissions` are words separated by spaces (`protocol::Permission`).
CREATE TABLE site_roles (
    id INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    permissions TEXT NOT NULL,
    created_at INTEGER NOT NULL
);

CREATE TABLE user_site_roles (
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role_id INTEGER NOT NULL REFERENCES site_roles (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, role_id)
) WITHOUT ROWID;
CREATE INDEX user_site_roles_by_role ON user_site_roles (role_id, user_id);

-- Until `suspended_until` nobody logs in; until `site_muted_until` nothing is said, in no conversation and not in
-- the forum. Both are imposed by moderators. A deleted account has `deleted_at` and nothing left that tells
-- who it was.
ALTER TABLE users ADD COLUMN suspended_until INTEGER;
ALTER TABLE users ADD COLUMN site_muted_until INTEGER;
ALTER TABLE users ADD COLUMN deleted_at INTEGER;

-- ---------------------------------------------------------------- audit log

-- Who did what for the site; rows are only ever added. `hash` is SHA-256 over this row and the `hash` of the one
-- before (`audit/chain.rs`), so that nothing can be changed, taken out or put in between unseen. `actor_id`
-- 0 is the operator at the command line.
CREATE TABLE audit_log (
    n INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    actor_id INTEGER NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    details TEXT NOT NULL,
    hash BLOB NOT NULL
);
CREATE INDEX audit_log_by_actor ON audit_log (actor_id, n);
CREATE INDEX audit_log_by_subject ON audit_log (subject, n);

-- ---------------------------------------------------------------- notifications

-- What a person is told outside of conversations. It names things and holds no text of theirs. `actors` counts
-- those of whom `actor_id` is the latest.
CREATE TABLE notifications (
    id INTEGER NOT NULL PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    actor_id INTEGER,
    actors INTEGER NOT NULL DEFAULT 1,
    article_id INTEGER,
    comment_id INTEGER,
    case_id INTEGER,
    at INTEGER NOT NULL,
    is_read INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX notifications_by_user ON notifications (user_id, id);
CREATE INDEX notifications_unread ON notifications (user_id, is_read, id);
CREATE INDEX notifications_by_article ON notifications (article_id);
CREATE INDEX notifications_by_comment ON notifications (comment_id);
