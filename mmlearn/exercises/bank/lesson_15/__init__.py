"""Exercises and questions of lesson 15, richer fusion."""
