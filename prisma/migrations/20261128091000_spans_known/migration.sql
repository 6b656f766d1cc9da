-- While the version before still serves, it knows no later spans (ADR-0065): it would renew, widen, refund or begin anew a customer's term as
-- if the first span were all of it. Its write leaves later_spans as they are and changes the end or the number of screens, which no write of
-- this version does. It is refused in the way of a row that another session holds (55P03): that version posts the rest of the batch without
-- it, tries it a few times more and answers OVERLOADED, and the same key is settled by a server that knows.
-- AFTER, because a trigger before it would make every update compute sort_key anew. Whoever repairs data by hand knows what they do.
CREATE FUNCTION refuse_unknown_spans() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'customer % has later spans, which this server does not know: upgrade it', NEW.id USING ERRCODE = 'lock_not_available';
END $$;

CREATE TRIGGER customer_spans_known AFTER UPDATE OF screens, expires_at ON customer
  FOR EACH ROW
  WHEN (
    OLD.later_spans IS NOT NULL AND NEW.later_spans = OLD.later_spans
    AND (NEW.expires_at <> OLD.expires_at OR NEW.screens <> OLD.screens) AND current_user = 'revenda_app'
  )
  EXECUTE FUNCTION refuse_unknown_spans();
