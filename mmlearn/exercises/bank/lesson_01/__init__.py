"""Lesson 01, modalities as arrays."""
