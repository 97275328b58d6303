"""Lesson 03, convolution."""
