"""Polls and quizzes: their questions, the sessions in which they run, responses and scores."""
