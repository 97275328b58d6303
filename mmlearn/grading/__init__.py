"""Assigning and grading: from a lesson's exercises to a returned mark."""
