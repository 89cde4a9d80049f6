"""Files of any size, straight to S3 and back."""
