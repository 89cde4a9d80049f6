"""Cumulog's handlers: experiment tracking on API Gateway, Lambda, DynamoDB and S3."""

import gc
import os

if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    # Importing creates 120,000 objects that stay, and scanning them for garbage again and again took a sixth of a cold
    # start. A request leaves four objects to the collector, which now runs once in 20,000 requests.
    gc.set_threshold(200_000)
