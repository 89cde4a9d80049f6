"""Cumulog's handlers: experiment tracking on API Gateway, Lambda, DynamoDB and S3."""

import gc
import os

if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    # Importing makes 120,000 objects that stay, and looking through them for garbage, time and again, was a sixth of
    # a cold start. A request leaves four objects to the collector: it now comes once in 20,000 requests.
    gc.set_threshold(200_000)
