"""Other libraries: what they train is logged by itself. Each module needs its library, and is imported by name."""
