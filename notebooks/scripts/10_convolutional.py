# ---
# jupyter:
#   jupytext:
#     cell_metadata_filter: tags,jupyter,slideshow,cellView,-all
#     notebook_metadata_filter: kernelspec,jupytext,-jupytext.text_representation.jupytext_version,-language_info,-widgets
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 10 · TODO: the title that notebooks/course.toml gives, and after a colon what it is about
#
# [![Open in Colab](badges/colab.png)](https://colab.research.google.com/github/gan-edu/gan_edu/blob/main/notebooks/10_convolutional.ipynb)
# [![Open in Binder](badges/binder.png)](https://mybinder.org/v2/gh/gan-edu/gan_edu/HEAD?urlpath=lab/tree/notebooks/10_convolutional.ipynb)
#
# <!-- near -->
# ← [09 Wasserstein](09_wasserstein.ipynb) · [all chapters](00_start_here.ipynb#The-map)
# <!-- /near -->
#
# First run all cells (menu Run → Run All Cells; on Colab Runtime → Run all). Until then a control is a still picture.
#
# TODO: two or three sentences on what the picture below shows, and what to do with it.

# %% tags=["colab"] jupyter={"source_hidden": true} cellView="form"
# @title Set-up: run this first
from importlib.util import find_spec
from os import environ

if not find_spec("gan_edu"):  # Colab: add the course to what is there, upgrade nothing
    source = environ.get("GAN_EDU_SRC", "git+https://github.com/gan-edu/gan_edu")
    needed = ("anywidget", "psygnal", "ot", "torchmetrics", "lightning_utilities")
    lacking = [{"ot": "POT"}.get(name, name) for name in needed if not find_spec(name)]
    # %pip install -q --no-deps "{source}" {" ".join(lacking)}

from gan_edu.core.training import wait_briefly

wait_briefly()  # before torch is loaded: a busy program beside this one shall do little harm

# %%
import torch

from gan_edu.core.notebook import show, subplots
from gan_edu.core.training import setup
from gan_edu.convolutional import half

setup()
x = torch.linspace(-1, 1, 101)
figure, axes = subplots()
axes.plot(x, half(x))
axes.set(xlabel="x", ylabel="x / 2")
show(figure, "TODO: what it shows. A line through (0, 0), up by half of each step right.")

# %% [markdown]
# **After this chapter you can**
#
# - TODO: three things, each with a verb.
#
# | pace | this notebook takes | what it trains |
# |---|---|---|
# | lesson (the default) | TODO | TODO |
# | full (`GAN_EDU_PACE=full`) | TODO | TODO |
#
# TODO: "It takes … minutes to read and play, and needs no network. You should know chapter …"
#
# ## TODO: the first idea
#
# TODO: the formula, in words and in symbols. A term that is new is bold, with its Chinese, and in glossary.md.
#
# $$y = \frac{x}{2}$$
#
# **Predict:** TODO: a question to guess, whose answer the next cell gives?

# %%
y = half(torch.tensor([3.0]))
assert y == 1.5, "TODO: what is not so. Half of 3 is not 1.5"
print(y)

# %% [markdown]
# TODO: what was seen, and why. Then the next idea: predict, run, explain.
#
# ## Exercises
#
# Each check answers "not attempted yet", "not yet" with what is wrong, or "correct" with the reason.
#
# ### 1 · TODO: its name (TODO minutes, easy)
# TODO: three to five exercises like this one; each runs alone, so each imports what it needs. What is half of 3?

# %%
from gan_edu.exercises import convolutional as exercises

answer = ...
exercises.half_of_three(answer)

# %% [markdown]
# <details><summary>Hint</summary>
#
# TODO
#
# </details>
# <details><summary>Solution</summary>
#
# ```python
# from gan_edu.exercises import convolutional as exercises
#
# exercises.half_of_three(3 / 2)
# ```
#
# </details>

# %% [markdown]
# ## Summary
#
# - TODO: what is to be kept, a line each.
#
# **Read.** TODO: papers, with arXiv numbers.
#
# **Next.** TODO: what the next chapter asks.
#
# <!-- near -->
# ← [09 Wasserstein](09_wasserstein.ipynb) · [all chapters](00_start_here.ipynb#The-map)
# <!-- /near -->
