"""A language of three words and a rule: samples have no slope, so G learns by a policy gradient.

Sentences have four words of {a, b, c}; after a comes b, after b comes c, after c comes a. G says one word after the
other, each drawn from its probabilities by a latent u ~ U[−1, 1], so that all that is random comes from the GAN's own
streams. Nothing flows back through a word that was drawn. In its place stands REINFORCE: each sentence is a reward,
D's probability of "real", and ∇ E[R] = E[R ∇ log p]. After Yu et al. (2017), "SeqGAN", arXiv 1609.05473; Williams
(1992), "Simple statistical gradient-following algorithms". A step of its own, and no loop.
"""

from itertools import product

import torch
from torch import nn
from torch.nn.functional import one_hot

from gan_edu.core.data import Batches
from gan_edu.core.training import mlp
from gan_edu.core.training.step import Pair, learn, loss_of_d, noise, one_step
from gan_edu.training_loop import GAN, adam, train

WORDS, LENGTH = 3, 4


class Speaker(nn.Module):
    """G: latents u (N, LENGTH) → sentences (N, LENGTH, WORDS), each word one-hot. Nothing flows back through them."""

    def __init__(self):
        super().__init__()
        self.layers = mlp([WORDS + LENGTH, 32, WORDS])  # the word before and the place → the next word's logits

    def logits(self, sentences):
        """(N, LENGTH, WORDS) of the word at each place, given those before it."""
        before = torch.cat([torch.zeros_like(sentences[:, :1]), sentences[:, :-1]], 1)
        place = torch.eye(LENGTH).to(sentences).expand(len(sentences), -1, -1)
        return self.layers(torch.cat([before, place], 2))

    def log_probability(self, sentences):
        """log p(sentence) (N,)."""
        return (self.logits(sentences).log_softmax(2) * sentences).sum((1, 2))

    @torch.no_grad()
    def forward(self, u):
        sentences = u.new_zeros(len(u), LENGTH, WORDS)
        for place in range(LENGTH):
            reached = self.logits(sentences)[:, place].softmax(1).cumsum(1)  # (N, WORDS)
            word = ((u[:, place : place + 1] + 1) / 2 > reached[:, :-1]).sum(1)
            sentences[:, place] = one_hot(word, WORDS).to(u)
        return sentences


def all_sentences():
    """(81, LENGTH, WORDS)."""
    return one_hot(torch.tensor(list(product(range(WORDS), repeat=LENGTH))), WORDS).float()


def follows_the_rule(sentences):
    """Which sentences have the right word after each word, (N,)."""
    words = sentences.argmax(2)
    return (words[:, 1:] == (words[:, :-1] + 1) % WORDS).all(1)


def surrogate(generator, sentences, reward):
    """−E[R log p]: its gradient is that of −E[R], by REINFORCE. reward: (N,), detached, of sentences that G drew."""
    return -(reward * generator.log_probability(sentences)).mean()


@one_step
def reinforce(gan, batches):
    """D learns as ever; then G, by what D thinks of whole sentences."""
    real = next(batches)
    fake = gan.generator(noise(gan, real))
    d = loss_of_d(gan, Pair(real, fake, None))
    learn(gan, "discriminator", d.loss, *d.logits)
    with torch.no_grad():
        reward = gan.discriminator(fake).sigmoid()[:, 0]
    g_loss = surrogate(gan.generator, fake, reward - reward.mean())  # the mean as a baseline: less variance
    learn(gan, "generator", g_loss)
    real_logits, fake_logits = d.logits
    logits = {"real_logits": real_logits, "fake_logits": fake_logits}
    return {"d_loss": d.loss, "g_loss": g_loss, "reward": reward.mean(), **logits}


class Reader(nn.Module):
    """D: sentences → logits (N, 1)."""

    def __init__(self):
        super().__init__()
        self.layers = mlp([LENGTH * WORDS, 32, 1], slope=0.2)

    def forward(self, sentences):
        return self.layers(sentences.flatten(1))


def build(seed=0):
    """(gan, batches), fresh ones."""
    torch.manual_seed(seed)
    generator, discriminator = Speaker(), Reader()
    gan = GAN(
        generator,
        discriminator,
        latent_dim=LENGTH,
        latent="uniform",
        g_optimizer=adam(generator, 3e-3),
        d_optimizer=adam(discriminator, 3e-3),
        seed=seed,
    )
    sentences = all_sentences()
    right = sentences[follows_the_rule(sentences)].repeat(64, 1, 1)  # three sentences are right
    return gan, Batches(right, 64, seed=seed)


if __name__ == "__main__":
    gan, batches = build()
    for record in train(gan, batches, 1500, step=reinforce):
        if record.step % 250 == 0:
            share = follows_the_rule(gan.generate(gan.latents(1000))).float().mean()
            print(record.step, f"reward {record.values['reward']:.3f}, right {share:.2f}")
