"""Lesson 02, one layer learns."""
