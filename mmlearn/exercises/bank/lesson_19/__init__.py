"""Lesson 19, the video multimodal model: what does it take to see, hear and read?"""
