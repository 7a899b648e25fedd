"""A chapter's questions: an answer is pressed, and says whether it is right, and why."""
