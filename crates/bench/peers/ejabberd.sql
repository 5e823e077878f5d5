-- The accounts of ejabberd. For psql, which puts in `last` and `password`.
INSERT INTO users (username, password)
SELECT 'user' || n, :'password' FROM generate_series(0, :last) AS n;
