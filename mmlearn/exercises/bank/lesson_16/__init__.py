"""Lesson 16, missing, noisy, unbalanced: what if a modality is not what it was?"""
