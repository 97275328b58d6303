"""Lesson 11, message passing: the sum, then GCN."""
