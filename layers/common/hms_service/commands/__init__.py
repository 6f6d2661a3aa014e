"""Commands: REST API operations from queues, schedules and other functions. Each runs once and publishes its result."""
