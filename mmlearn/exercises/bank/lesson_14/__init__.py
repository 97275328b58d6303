"""Lesson 14, what fusing can gain: bits, accuracy, and the simplest fusions."""
