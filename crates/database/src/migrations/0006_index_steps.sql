-- Articles of whose comments the search index still has to look at those after `after_comment`: all of them are too many
-- for one unit.
CREATE TABLE articles_to_index (
    article_id INTEGER NOT NULL PRIMARY KEY,
    after_comment INTEGER NOT NULL
);
