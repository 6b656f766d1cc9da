-- Getting back in (R41). While one_time_password_until is set, the user's password is one that somebody else had made: it is
-- worth nothing from that time on, and it must be changed before anything else. last_sign_in_at moves with every sign-in.
ALTER TABLE app_user
  ADD COLUMN one_time_password_until timestamptz(3),
  ADD COLUMN last_sign_in_at timestamptz(3);

GRANT SELECT (one_time_password_until, last_sign_in_at) ON app_user TO revenda_read;
