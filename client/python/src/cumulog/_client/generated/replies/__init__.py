"""Written by `make client` from the OpenAPI document. Do not edit."""
