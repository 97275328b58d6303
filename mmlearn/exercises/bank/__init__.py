"""The course's exercises and questions: a folder a lesson, a file an exercise."""
