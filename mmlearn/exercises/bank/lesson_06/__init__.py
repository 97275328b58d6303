"""Lesson 06: training that works."""
