-- How often the samples of an account were changed. By these another process sees that they were.
CREATE TABLE history_mark (
    account TEXT PRIMARY KEY,
    -- Samples were deleted, or written before others or in place of them.
    rewrites INTEGER NOT NULL,
    -- Samples were written after all others.
    appends INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
