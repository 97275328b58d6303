"""Benchmarks are no tests: importing one sets threads for its whole process."""

collect_ignore_glob = ["*.py"]
