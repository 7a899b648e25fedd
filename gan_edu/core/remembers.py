"""What a hook keeps for checkpoints, where that is a few numbers of its own."""
from __future__ import annotations


class Remembers:
    """state_dict and load_state_dict of the attributes that `kept` names."""

    kept: tuple[str, ...] = ()

    def state_dict(self) -> dict:
        """For checkpoints."""
        return {name: getattr(self, name) for name in self.kept}

    def load_state_dict(self, state: dict) -> None:
        """The way back."""
        vars(self).update({name: state[name] for name in self.kept})
