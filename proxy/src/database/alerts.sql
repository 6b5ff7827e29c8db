-- What somebody was told of an account, as JSON.
CREATE TABLE alert_state (
    account TEXT PRIMARY KEY,
    state TEXT NOT NULL
) STRICT;

-- A channel with messages that wait. Times are Unix times in milliseconds.
CREATE TABLE alert_queue (
    channel TEXT PRIMARY KEY,
    -- How many attempts in a row have failed.
    failures INTEGER NOT NULL,
    -- When the next attempt is due.
    due_at INTEGER NOT NULL,
    -- Until then one process delivers.
    leased_until INTEGER NOT NULL
) STRICT;

-- The messages of the channels, in the order in which they are delivered.
CREATE TABLE alert_message (
    position INTEGER PRIMARY KEY,
    channel TEXT NOT NULL,
    id TEXT NOT NULL,
    alert TEXT NOT NULL,
    UNIQUE (channel, id)
) STRICT;
