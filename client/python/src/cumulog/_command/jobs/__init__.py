"""What runs programs: `cumulog run`."""
