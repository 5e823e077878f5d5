-- The first frame of custom emoji and stickers that move, for people who want nothing to move; NULL for the others.
ALTER TABLE emoji ADD COLUMN still_type TEXT;
ALTER TABLE emoji ADD COLUMN still BLOB;
