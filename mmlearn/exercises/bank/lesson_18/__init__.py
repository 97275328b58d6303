"""Lesson 18, video: what does motion add to frames?"""
