-- A balance of an account: Airalo's name for it, and its currency.
CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    account TEXT NOT NULL,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    UNIQUE (account, name, currency)
) STRICT;

-- The first balance of Airalo's latest answer, which is the one that the history is about.
CREATE TABLE first_series (
    account TEXT PRIMARY KEY,
    series INTEGER NOT NULL REFERENCES series
) STRICT, WITHOUT ROWID;

CREATE TABLE sample (
    series INTEGER NOT NULL REFERENCES series,
    -- Unix time in seconds.
    at INTEGER NOT NULL,
    -- A decimal with every digit. SQLite knows no exact numbers but integers.
    amount TEXT NOT NULL,
    PRIMARY KEY (series, at)
) STRICT, WITHOUT ROWID;
