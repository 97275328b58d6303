"""Lesson 04, its backward and the receptive field."""
