-- More kinds of events came than an endpoint could ask for at once: which there are is the server's to check.
ALTER TABLE webhook_endpoint
  DROP CONSTRAINT webhook_endpoint_events_check,
  ADD CONSTRAINT webhook_endpoint_events_check CHECK (cardinality(events) BETWEEN 1 AND 100);
