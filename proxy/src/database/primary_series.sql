-- "First" may also be the first in time.
ALTER TABLE first_series RENAME TO primary_series;
