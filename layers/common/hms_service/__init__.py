"""The service behind the Lambda functions. The SDK (`hms`) never imports it."""
