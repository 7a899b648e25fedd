"""Bold text in notebooks that is no term, by the reason why it is none."""

BOLD_BUT_NO_TERM = {
    "themes of the outlook": "Stability.|Models.|With reinforcement learning.|With diffusion.|Evaluation.",
    "how a section is built": """After this chapter you can|Predict|Predict:|Common misreading.|How to diagnose.|Why.|
        When it hurts.|Its gradient.|What it costs.|Read.|Next.|Good at:|Not good at:|Slide:|Slide""",
    "what to do": """Pull|Drag the slider|Drag the slider.|Drag the point|Drag the square:|
        Drag the circle or the triangle|Run → Run All Cells""",
    "captions of controls": """Start|Pause|Play|Play.|Now|Plane|More like this|D's verdict|Slow motion.|D step|G step|
        Train D|Let it circle|Save it with R1|numbers|situation|Tricks|
        pull on the fakes|R1, γ|Target for real|target for fake""",
    "rows of a table": "MNIST|Grid of 25|textbook",
    "answers of an exercise": "a|b|c",
    "stress": "each|no|one number|one pass|a game against D|distributions|predict",
    "a short sentence": "WGAN circles too.|Mind the sign.|Step 1: tangents.",
    "a heading whose term stands in its paragraph": "Lazy.|Five steps of D for one of G|An average of G",
}
