"""Lesson 12, more messages: mean, sum and attention, typed edges, depth."""
