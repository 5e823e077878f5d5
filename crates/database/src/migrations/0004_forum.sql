-- The forum: categories, articles, comments.

INSERT INTO counters (name, value) VALUES
    ('category', 0),
    ('article', 0),
    ('comment', 0);

-- ---------------------------------------------------------------- categories

-- `articles` counts those that everybody can read.
CREATE TABLE categories (
    id INTEGER NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    position INTEGER NOT NULL,
    in_top_menu INTEGER NOT NULL,
    articles INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
);

CREATE TABLE category_moderators (
    category_id INTEGER NOT NULL REFERENCES categories (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (category_id, user_id)
) WITHOUT ROWID;
CREATE INDEX category_moderators_by_user ON category_moderators (user_id);

-- ---------------------------------------------------------------- articles

-- What lists show; texts stand apart, so that a list reads none. `rank` is what every list sorts by first: 1,000 for
-- a pinned one, and the priority. `hidden_by` is the moderator who hid it: then its author cannot publish it
-- (0 for the word list). `quotes` is 0, or 1 for an article made from messages, 2 where those were private.
CREATE TABLE articles (
    id INTEGER NOT NULL PRIMARY KEY,
    category_id INTEGER NOT NULL REFERENCES categories (id),
    author_id INTEGER NOT NULL REFERENCES users (id),
    status TEXT NOT NULL CHECK (status IN ('draft', 'published', 'hidden')),
    hidden_by INTEGER,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    head_image_id TEXT,
    tags TEXT NOT NULL,
    pinned INTEGER NOT NULL DEFAULT 0,
    priority INTEGER NOT NULL DEFAULT 0,
    rank INTEGER NOT NULL DEFAULT 0,
    revision INTEGER NOT NULL DEFAULT 1,
    edits INTEGER NOT NULL DEFAULT 0,
    comments INTEGER NOT NULL DEFAULT 0,
    likes INTEGER NOT NULL DEFAULT 0,
    views INTEGER NOT NULL DEFAULT 0,
    quotes INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    published_at INTEGER,
    modified_at INTEGER,
    active_at INTEGER NOT NULL,
    client_id TEXT,
    digest BLOB,
    UNIQUE (author_id, client_id)
);
-- One for each filter and order of a list; each is read from its end.
CREATE INDEX articles_newest ON articles (rank, published_at, id) WHERE status = 'published';
CREATE INDEX articles_active ON articles (rank, active_at, id) WHERE status = 'published';
CREATE INDEX articles_liked ON articles (rank, likes, id) WHERE status = 'published';
CREATE INDEX articles_of_category_newest ON articles (category_id, rank, published_at, id) WHERE status = 'published';
CREATE INDEX articles_of_category_active ON articles (category_id, rank, active_at, id) WHERE status = 'published';
CREATE INDEX articles_of_category_liked ON articles (category_id, rank, likes, id) WHERE status = 'published';
CREATE INDEX articles_of_author_newest ON articles (author_id, rank, published_at, id) WHERE status = 'published';
CREATE INDEX articles_of_author_active ON articles (author_id, rank, active_at, id) WHERE status = 'published';
CREATE INDEX articles_of_author_liked ON articles (author_id, rank, likes, id) WHERE status = 'published';
-- For feeds, where pinned ones stand among the others.
CREATE INDEX articles_latest ON articles (published_at, id) WHERE status = 'published';
CREATE INDEX articles_of_category_latest ON articles (category_id, published_at, id) WHERE status = 'published';
CREATE INDEX articles_of_author_latest ON articles (author_id, published_at, id) WHERE status = 'published';
-- One's own that others cannot read, and what moderators look through.
CREATE INDEX articles_of_author_by_status ON articles (author_id, status, id);
CREATE INDEX articles_by_category ON articles (category_id, status, id);
CREATE INDEX articles_hidden ON articles (id) WHERE status = 'hidden';

CREATE TABLE article_texts (
    article_id INTEGER NOT NULL PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    html TEXT NOT NULL
);

-- The tags of articles that everybody can read, with copies of what lists of a tag sort by.
CREATE TABLE article_tags (
    tag TEXT NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    category_id INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    published_at INTEGER NOT NULL,
    active_at INTEGER NOT NULL,
    likes INTEGER NOT NULL,
    PRIMARY KEY (article_id, tag)
) WITHOUT ROWID;
CREATE INDEX article_tags_newest ON article_tags (tag, rank, published_at, article_id, category_id);
CREATE INDEX article_tags_active ON article_tags (tag, rank, active_at, article_id, category_id);
CREATE INDEX article_tags_liked ON article_tags (tag, rank, likes, article_id, category_id);

-- How many articles have a tag: in a category, and with `category_id` 0 in all of them.
CREATE TABLE tag_counts (
    category_id INTEGER NOT NULL,
    tag TEXT NOT NULL,
    articles INTEGER NOT NULL,
    PRIMARY KEY (category_id, tag)
) WITHOUT ROWID;
CREATE INDEX tag_counts_by_use ON tag_counts (category_id, articles, tag);

-- What the editor saved by itself, as JSON (`protocol::WorkingCopy`); seen by the author alone.
CREATE TABLE article_drafts (
    article_id INTEGER NOT NULL PRIMARY KEY REFERENCES articles (id) ON DELETE CASCADE,
    content TEXT NOT NULL,
    saved_at INTEGER NOT NULL
);

-- What an article said before each edit after it was published.
CREATE TABLE article_edits (
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    n INTEGER NOT NULL,
    editor_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (article_id, n)
);

CREATE TABLE article_likes (
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL,
    PRIMARY KEY (article_id, user_id)
) WITHOUT ROWID;
CREATE INDEX article_likes_by_user ON article_likes (user_id);

-- Pictures in an article, its working copy included, and the one at its head. They are uploads of its author.
CREATE TABLE article_images (
    article_id INTEGER NOT NULL,
    upload_id TEXT NOT NULL,
    PRIMARY KEY (article_id, upload_id)
) WITHOUT ROWID;
CREATE INDEX article_images_by_upload ON article_images (upload_id);

-- Articles that everybody could read once and that are gone for good. `cleared` once the comments are gone as well,
-- which are too many for one unit.
CREATE TABLE removed_articles (
    article_id INTEGER NOT NULL PRIMARY KEY,
    removed_at INTEGER NOT NULL,
    was_published INTEGER NOT NULL,
    cleared INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX removed_articles_to_clear ON removed_articles (article_id) WHERE cleared = 0;

-- What messages an article was made from, as it quotes them.
CREATE TABLE article_quotes (
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    n INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    conversation_id INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (article_id, n)
) WITHOUT ROWID;

-- Whether those who are quoted from a private conversation agree: 'missing', 'asked', 'given' or 'refused'.
CREATE TABLE quote_consents (
    article_id INTEGER NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL,
    consent TEXT NOT NULL,
    asked_at INTEGER,
    answered_at INTEGER,
    PRIMARY KEY (article_id, user_id)
) WITHOUT ROWID;

-- ---------------------------------------------------------------- comments

-- `path` is the way from the first comment down to this one, written so that reading by it is reading order;
-- `newest` is the negated id of that first one, so that the newest tree comes first. `answers` counts the rows right
-- below this one: while there are any, a deleted comment stays.
CREATE TABLE comments (
    id INTEGER NOT NULL PRIMARY KEY,
    article_id INTEGER NOT NULL,
    parent_id INTEGER,
    root_id INTEGER NOT NULL,
    newest INTEGER NOT NULL,
    depth INTEGER NOT NULL,
    path TEXT NOT NULL,
    author_id INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('visible', 'deleted', 'hidden')),
    likes INTEGER NOT NULL DEFAULT 0,
    answers INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    modified_at INTEGER,
    client_id TEXT,
    digest BLOB,
    text TEXT NOT NULL,
    html TEXT NOT NULL,
    UNIQUE (author_id, client_id)
);
CREATE UNIQUE INDEX comments_in_order ON comments (article_id, path);
CREATE INDEX comments_latest ON comments (article_id, id);
CREATE INDEX comments_newest ON comments (article_id, newest, path);
CREATE INDEX comments_liked ON comments (article_id, likes, id) WHERE parent_id IS NULL;
CREATE INDEX comments_of_root ON comments (root_id, path);
CREATE INDEX comments_by_author ON comments (author_id, id);

CREATE TABLE comment_likes (
    comment_id INTEGER NOT NULL REFERENCES comments (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL,
    PRIMARY KEY (comment_id, user_id)
) WITHOUT ROWID;
CREATE INDEX comment_likes_by_user ON comment_likes (user_id);

-- ---------------------------------------------------------------- beyond the forum

-- The article that a group talks about.
ALTER TABLE groups ADD COLUMN article_id INTEGER;
CREATE INDEX groups_by_article ON groups (article_id) WHERE article_id IS NOT NULL;

-- Articles and comments that the search index has to look at: kind 'article' or 'comment'.
CREATE TABLE post_changes (
    kind TEXT NOT NULL,
    id INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) WITHOUT ROWID;
