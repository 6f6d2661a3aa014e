"""Polls and quizzes: what they ask, the sessions they ran in, and the responses and scores of those."""
