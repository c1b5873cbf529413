"""The edge's outbox: intervals wait here, durable, until the plant server has committed them."""
