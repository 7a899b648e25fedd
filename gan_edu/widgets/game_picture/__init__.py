"""One step of training in a picture: noise, G, fakes, D, real digits, and the gradients on their way back."""
