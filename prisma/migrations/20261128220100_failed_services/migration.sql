-- The customers whose service failed, the last one first: few, of all that a service says something of.
CREATE INDEX service_state_failed ON service_state (tenant_id, at DESC) WHERE state = 'FAILED';
