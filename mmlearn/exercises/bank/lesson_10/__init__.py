"""Exercises and questions of lesson 10, attention."""
