"""Lesson 13, graphs in video: a body is a graph that moves."""
