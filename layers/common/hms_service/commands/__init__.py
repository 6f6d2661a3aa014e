"""Commands: operations of the REST API that queues and schedules ask for, each run once, its outcome on the bus."""
