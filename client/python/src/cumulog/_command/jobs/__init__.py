"""What runs programs: `cumulog run`, `sweep`, `reproduce`, and `lock`, which writes what they run."""
