"""Cumulog's handlers: experiment tracking on API Gateway, Lambda, DynamoDB and S3."""
