-- only sqlite
-- The index merges its parts when it is told to, a few pages at a time, instead of a megabyte at once.
INSERT INTO search_index (search_index, rank) VALUES ('automerge', 0);
