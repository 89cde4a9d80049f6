"""What the hot calls to DynamoDB consist of: a body, a signature, and botocore's pool of connections."""
