"""What a learner moves, a folder a control: Python beside its JavaScript. Importing this loads no torch."""

from typing import TYPE_CHECKING

from gan_edu.core.handed_on import handed_on

if TYPE_CHECKING:
    from .collapse_theatre.widget import CollapseTheatre as CollapseTheatre
    from .condition_board.widget import ConditionBoard as ConditionBoard
    from .corruption_bench.widget import CorruptionBench as CorruptionBench
    from .density_player.widget import DensityPlayer as DensityPlayer
    from .edit_slider.widget import EditSlider as EditSlider
    from .few_images.widget import FewImages as FewImages
    from .game_picture.widget import GamePicture as GamePicture
    from .guess.summary import Guesses as Guesses
    from .guess.widget import Guess as Guess
    from .latent.widget import LatentExplorer as LatentExplorer
    from .live.widget import Live as Live
    from .loss_explorer.widget import LossExplorer as LossExplorer
    from .market_maker.widget import MarketMaker as MarketMaker
    from .mask_painter.widget import MaskPainter as MaskPainter
    from .molecule_board.widget import MoleculeBoard as MoleculeBoard
    from .moving_earth.widget import MovingEarth as MovingEarth
    from .name_machine.widget import NameMachine as NameMachine
    from .overlap_lens.widget import OverlapLens as OverlapLens
    from .phase_portrait.widget import PhasePortrait as PhasePortrait
    from .plane.replay import PlaneReplay as PlaneReplay
    from .plane.widget import Plane as Plane
    from .quiz.widget import Quiz as Quiz
    from .recipe_board.widget import RecipeBoard as RecipeBoard
    from .replay.widget import Replay as Replay, compare as compare
    from .roofline.widget import Roofline as Roofline
    from .saddle.widget import Saddle as Saddle
    from .score_table.widget import ScoreTable as ScoreTable
    from .secret_message.widget import SecretMessage as SecretMessage
    from .smoothing_player.widget import SmoothingPlayer as SmoothingPlayer

__getattr__, __dir__, __all__ = handed_on(__name__)
