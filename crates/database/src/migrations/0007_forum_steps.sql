-- What follows from an article's end goes in steps, each in a unit of its own; each list of articles has its index; and
-- what was said in an article's group is public only where the group was open ever since.

-- Likes of what is gone: they go some at a time, so nothing takes them along.
CREATE TABLE kept_article_likes (
    article_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    PRIMARY KEY (article_id, user_id)
) WITHOUT ROWID;
INSERT INTO kept_article_likes (article_id, user_id) SELECT article_id, user_id FROM article_likes;
DROP TABLE article_likes;
ALTER TABLE kept_article_likes RENAME TO article_likes;
CREATE INDEX article_likes_by_user ON article_likes (user_id);

CREATE TABLE kept_comment_likes (
    comment_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    PRIMARY KEY (comment_id, user_id)
) WITHOUT ROWID;
INSERT INTO kept_comment_likes (comment_id, user_id) SELECT comment_id, user_id FROM comment_likes;
DROP TABLE comment_likes;
ALTER TABLE kept_comment_likes RENAME TO comment_likes;
CREATE INDEX comment_likes_by_user ON comment_likes (user_id);

-- Comments that are gone and of which there still are likes.
CREATE TABLE removed_comments (
    comment_id INTEGER NOT NULL PRIMARY KEY
);

-- Articles that can be read no longer: notifications about them up to `until` are shown to nobody, and are taken away
-- some at a time.
CREATE TABLE notifications_to_forget (
    article_id INTEGER NOT NULL PRIMARY KEY,
    until INTEGER NOT NULL
);

-- Everybody could come in ever since this place in the conversation; means something while the group is open. Of those
-- that are there already nobody knows whether they were closed once.
ALTER TABLE groups ADD COLUMN open_since INTEGER NOT NULL DEFAULT 0;
UPDATE groups SET open_since = (
    SELECT c.last_seq FROM conversations c WHERE c.id = groups.conversation_id
);

-- Lists with two filters, each read from its end as those with one.
ALTER TABLE article_tags ADD COLUMN author_id INTEGER NOT NULL DEFAULT 0;
UPDATE article_tags SET author_id = (SELECT a.author_id FROM articles a WHERE a.id = article_tags.article_id);
CREATE INDEX article_tags_of_category_newest ON article_tags (category_id, tag, rank, published_at, article_id);
CREATE INDEX article_tags_of_category_active ON article_tags (category_id, tag, rank, active_at, article_id);
CREATE INDEX article_tags_of_category_liked ON article_tags (category_id, tag, rank, likes, article_id);
CREATE INDEX article_tags_of_author_newest ON article_tags (author_id, tag, rank, published_at, article_id, category_id);
CREATE INDEX article_tags_of_author_active ON article_tags (author_id, tag, rank, active_at, article_id, category_id);
CREATE INDEX article_tags_of_author_liked ON article_tags (author_id, tag, rank, likes, article_id, category_id);
CREATE INDEX articles_of_author_there_newest ON articles (author_id, category_id, rank, published_at, id) WHERE status = 'published';
CREATE INDEX articles_of_author_there_active ON articles (author_id, category_id, rank, active_at, id) WHERE status = 'published';
CREATE INDEX articles_of_author_there_liked ON articles (author_id, category_id, rank, likes, id) WHERE status = 'published';

-- Cases of a category, gone through when an article moves to another.
CREATE INDEX cases_by_category ON cases (category_id, kind);
