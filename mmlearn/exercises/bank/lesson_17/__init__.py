"""Lesson 17, alignment and transfer: what one modality can teach another."""
