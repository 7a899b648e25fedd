"""Names that networks make up, beside each other; and a game: which of two names is real?"""
