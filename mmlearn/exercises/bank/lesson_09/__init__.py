"""Exercises and questions of lesson 09, text."""
