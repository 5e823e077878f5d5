-- Whether there is an admin is asked at every start: without the index by reading all accounts.
CREATE INDEX users_by_admin ON users (id) WHERE is_admin = 1;
