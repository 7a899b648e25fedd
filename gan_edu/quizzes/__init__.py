"""Five questions a chapter, each answer with its reason, and the files in which Moodle and Canvas take them.

The questions stand in en/02.json, a file a chapter, a translation beside it: `core.notebook.quizzes` reads them, and
`gan_edu.widgets.Quiz` shows them. `python -m gan_edu quizzes` writes the files.
"""
