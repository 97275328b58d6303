"""Lesson 05, a CNN, and reading a broken blueprint."""
