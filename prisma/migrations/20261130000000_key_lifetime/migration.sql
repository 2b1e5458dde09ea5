-- How long a new key of the tenant lasts at most, in days; null: as long as whoever makes it wants.
SET ROLE fieldgate_owner;

ALTER TABLE tenant ADD COLUMN most_key_days integer CHECK (most_key_days BETWEEN 1 AND 3650);
GRANT UPDATE (most_key_days) ON tenant TO fieldgate_member;

RESET ROLE;
